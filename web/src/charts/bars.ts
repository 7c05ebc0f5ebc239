// A bar a row, with its interval as a whisker. The place that the page is about is darker, and its name bold; a value that
// is not there is said in words where its bar would begin, never drawn as nothing.
import type { Data, Row } from "./rows";
import { fitting, numberText, scaleOf } from "./scale";
import { GRID, INK, PALETTE, QUIET, line, picture, shape, text, type Shape } from "./svg";

const ROW = 34;
const BAR = 18;
const TOP = 8;
const AXIS = 46;
const NARROW = 520; // below it a label stands above its bar

export function bars({ rows }: Data, title: string, unit: string, width: number): Shape {
  const isNarrow = width < NARROW;
  const left = isNarrow ? 2 : Math.min(260, width * 0.36);
  const height = isNarrow ? ROW + 20 : ROW;
  const values = rows.flatMap((row) => [row.value, row.low, row.high]).filter((value): value is number => value !== null);
  const scale = scaleOf(values, left, width - 24, true, isNarrow ? 3 : 5);
  const bottom = TOP + rows.length * height;
  const grid = scale.ticks.flatMap((tick) => [
    line(scale.at(tick), TOP, scale.at(tick), bottom, { stroke: tick === 0 ? INK : GRID, "stroke-width": 1 }),
    text(scale.at(tick), bottom + 18, numberText(tick), { "text-anchor": "middle" }),
  ]);
  const drawn = rows.flatMap((row, i) => {
    const from = TOP + i * height + (isNarrow ? 20 : 0);
    const middle = from + ROW / 2;
    const label = isNarrow
      ? text(left, from + 1, fitting(row.label, width - left), row.isOwn ? { "font-weight": 700 } : {})
      : text(left - 10, middle + 5, fitting(row.label, left - 14), {
          "text-anchor": "end",
          ...(row.isOwn ? { "font-weight": 700 } : {}),
        });
    return [label, ...(row.value === null ? [missing(scale.at(0), middle, row.state)] : bar(row, middle, scale.at))];
  });
  return picture(
    width,
    bottom + AXIS,
    title,
    ...grid,
    ...drawn,
    text(width - 24, bottom + 38, unit, { "text-anchor": "end", fill: QUIET }),
  );
}

function bar(row: Row, middle: number, at: (value: number) => number): Shape[] {
  const zero = at(0);
  const end = at(row.value ?? 0);
  const shapes = [
    shape("rect", {
      class: "mark",
      x: Math.min(zero, end),
      y: middle - BAR / 2,
      width: Math.max(1, Math.abs(end - zero)), // a true zero is a line at the axis
      height: BAR,
      fill: row.isOwn ? PALETTE[0] : PALETTE[1],
      stroke: row.isOwn ? PALETTE[0] : PALETTE[1],
    }),
  ];
  if (row.low === null || row.high === null) return shapes;
  const [low, high] = [at(row.low), at(row.high)];
  // White below black: seen over the bar and beside it.
  for (const [stroke, wide] of [["#FFFFFF", 4], [INK, 2]] as const) {
    shapes.push(
      line(low, middle, high, middle, { stroke, "stroke-width": wide, class: "mark" }),
      line(low, middle - 6, low, middle + 6, { stroke, "stroke-width": wide, class: "mark" }),
      line(high, middle - 6, high, middle + 6, { stroke, "stroke-width": wide, class: "mark" }),
    );
  }
  return shapes;
}

function missing(x: number, middle: number, state: string): Shape {
  return text(x + 6, middle + 5, state, { fill: QUIET, "font-style": "italic" });
}
