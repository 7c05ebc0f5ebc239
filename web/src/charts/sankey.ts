// Moves from the states on the left to those on the right, as wide as they are many. Each state has its name beside it.
// Rows have data-from and data-to; moves without a number are in the table alone.
import type { Data } from "./rows";
import { fitting, numberText } from "./scale";
import { PALETTE, QUIET, picture, round, shape, text, type Shape } from "./svg";

const BAR = 14;
const GAP = 14;
const TOP = 30;
const PLOT = 380;

interface Flow {
  readonly from: string;
  readonly to: string;
  readonly value: number;
}

export interface Stack {
  readonly name: string;
  readonly value: number;
  readonly y: number;
  readonly height: number;
}

// The states of one side, from above, with their heights; exported for its test.
export function stacksOf(flows: readonly Flow[], side: "from" | "to", pixels: (value: number) => number): Stack[] {
  const sums = new Map<string, number>();
  for (const flow of flows) sums.set(flow[side], (sums.get(flow[side]) ?? 0) + flow.value);
  let y = TOP;
  return Array.from(sums, ([name, value]) => {
    const stack = { name, value, y, height: pixels(value) };
    y += Math.max(stack.height, 12) + GAP;
    return stack;
  });
}

export function sankey(data: Data, title: string, unit: string, width: number): Shape {
  const flows = data.rows.flatMap((row): Flow[] =>
    row.value === null || row.value <= 0 ? [] : [{ from: row.extra["from"] ?? "", to: row.extra["to"] ?? "", value: row.value }],
  );
  const total = flows.reduce((sum, flow) => sum + flow.value, 0);
  if (total === 0) return picture(width, 60, title, text(8, 32, "no move has a number that can be shown", { fill: QUIET, "font-style": "italic" }));
  const pixels = (value: number): number => Math.max(1, (value / total) * PLOT);
  const left = stacksOf(flows, "from", pixels);
  const right = stacksOf(flows, "to", pixels);
  const label = Math.min(190, width * 0.26);
  const [x1, x2] = [label, width - label];
  const bands = bandsOf(flows, left, right, pixels, x1 + BAR, x2 - BAR);
  const bars = [...left.map((stack) => ({ stack, x: x1, isLeft: true })), ...right.map((stack) => ({ stack, x: x2 - BAR, isLeft: false }))];
  const bottom = Math.max(...bars.map(({ stack }) => stack.y + Math.max(stack.height, 12)));
  return picture(
    width,
    bottom + 16,
    title,
    text(x1, 16, "from", { fill: QUIET, "text-anchor": "start" }),
    text(x2, 16, "to", { fill: QUIET, "text-anchor": "end" }),
    ...bands,
    ...bars.flatMap(({ stack, x, isLeft }) => [
      shape("rect", { class: "mark", x: round(x), y: round(stack.y), width: BAR, height: round(Math.max(stack.height, 1)), fill: PALETTE[0] }),
      text(isLeft ? x - 6 : x + BAR + 6, stack.y + Math.max(stack.height, 12) / 2 - 2, fitting(stack.name, label - 8), { "text-anchor": isLeft ? "end" : "start" }),
      text(isLeft ? x - 6 : x + BAR + 6, stack.y + Math.max(stack.height, 12) / 2 + 13, numberText(Math.round(stack.value)), { "text-anchor": isLeft ? "end" : "start", fill: QUIET, "font-size": 12 }),
    ]),
    text(width / 2, 16, unit, { fill: QUIET, "text-anchor": "middle" }),
  );
}

function bandsOf(flows: readonly Flow[], left: readonly Stack[], right: readonly Stack[], pixels: (value: number) => number, x1: number, x2: number): Shape[] {
  const used = new Map<Stack, number>();
  const take = (stack: Stack, height: number): number => {
    const from = stack.y + (used.get(stack) ?? 0);
    used.set(stack, (used.get(stack) ?? 0) + height);
    return from;
  };
  return flows.flatMap((flow) => {
    const a = left.find((stack) => stack.name === flow.from);
    const b = right.find((stack) => stack.name === flow.to);
    if (a === undefined || b === undefined) return [];
    const height = pixels(flow.value);
    const [y1, y2, middle] = [round(take(a, height)), round(take(b, height)), round((x1 + x2) / 2)];
    const h = round(height);
    const colour = PALETTE[1 + (left.indexOf(a) % (PALETTE.length - 1))] ?? PALETTE[1];
    const d = `M${round(x1)} ${y1}C${middle} ${y1} ${middle} ${y2} ${round(x2)} ${y2}L${round(x2)} ${y2 + h}C${middle} ${y2 + h} ${middle} ${y1 + h} ${round(x1)} ${y1 + h}Z`;
    return [shape("path", { class: "flow", d, fill: colour, "fill-opacity": 0.45 }, shape("title", {}, `${flow.from} to ${flow.to}: ${numberText(flow.value)}`))];
  });
}
