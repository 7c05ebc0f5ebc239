// From values to places in a picture.

export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  at(value: number): number;
}

// Round steps (1, 2 or 5 times a power of ten) that cover low to high, about so many.
export function ticksOf(low: number, high: number, about = 5): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((times) => times * power >= rough * 0.999) ?? 10) * power;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

// A linear scale that covers the values, to round ends, drawn from `begin` to `end`. With zero it begins or ends there
// where the values leave room.
export function scaleOf(values: readonly number[], begin: number, end: number, withZero: boolean, about = 5): Scale {
  const finite = values.filter(Number.isFinite);
  let low = finite.length === 0 ? 0 : Math.min(...finite);
  let high = finite.length === 0 ? 1 : Math.max(...finite);
  if (withZero) {
    low = Math.min(0, low);
    high = Math.max(0, high);
  }
  if (low === high) {
    low = withZero ? Math.min(0, low) : low - 1;
    high = low === high ? high + 1 : high;
  }
  const ticks = ticksOf(low, high, about);
  const from = ticks[0] ?? low;
  const to = ticks[ticks.length - 1] ?? high;
  return { from, to, ticks, at: (value) => begin + ((value - from) / (to - from)) * (end - begin) };
}

export function numberText(value: number): string {
  return value.toLocaleString("en-GB", { maximumFractionDigits: 6 });
}

// So that it fits: about 8 pixels a letter at 14 pixels. Beginning and end stay: names may differ at either.
export function fitting(words: string, pixels: number): string {
  const letters = Math.max(5, Math.floor(pixels / 8));
  if (words.length <= letters) return words;
  const tail = Math.floor((letters - 1) * 0.45);
  return `${words.slice(0, letters - 1 - tail).trimEnd()}…${words.slice(words.length - tail).trimStart()}`;
}
