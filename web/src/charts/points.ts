// Points in a plane. A funnel: each council's figure over its size, within the limits that chance alone would keep to. A
// scatter: what was expected against what came. The page's own place is a diamond with its name; others are circles.
import { extraNumber, type Data, type Row } from "./rows";
import { fitting, numberText, scaleOf, type Scale } from "./scale";
import { GRID, INK, PALETTE, QUIET, line, picture, round, shape, text, type Shape } from "./svg";

const LEFT = 62;
const RIGHT = 20;
const TOP = 28;
const PLOT = 340;

interface Point {
  readonly row: Row;
  readonly x: number;
  readonly y: number;
}

function pointsOf(rows: readonly Row[]): Point[] {
  return rows.flatMap((row) => {
    const x = extraNumber(row, "x");
    return x === null || row.value === null ? [] : [{ row, x, y: row.value }];
  });
}

function frame(x: Scale, y: Scale, width: number, xTitle: string, unit: string): Shape[] {
  const bottom = TOP + PLOT;
  return [
    ...y.ticks.flatMap((tick) => [
      line(LEFT, y.at(tick), width - RIGHT, y.at(tick), { stroke: GRID, "stroke-width": 1 }),
      text(LEFT - 8, y.at(tick) + 5, numberText(tick), { "text-anchor": "end" }),
    ]),
    ...x.ticks.map((tick) => text(x.at(tick), bottom + 20, numberText(tick), { "text-anchor": "middle" })),
    line(LEFT, bottom, width - RIGHT, bottom, { stroke: INK, "stroke-width": 1 }),
    text(4, TOP - 10, unit, { fill: QUIET }),
    text(width - RIGHT, bottom + 42, xTitle, { "text-anchor": "end", fill: QUIET }),
  ];
}

function marks(points: readonly Point[], x: Scale, y: Scale, width: number): Shape[] {
  const others = points.filter((point) => !point.row.isOwn);
  const own = points.filter((point) => point.row.isOwn);
  return [
    ...others.map((point) =>
      shape("circle", { class: "mark", cx: round(x.at(point.x)), cy: round(y.at(point.y)), r: 4.5, fill: PALETTE[1], stroke: "#FFFFFF", "stroke-width": 1 },
        shape("title", {}, point.row.label))),
    ...own.flatMap((point) => {
      const [px, py] = [round(x.at(point.x)), round(y.at(point.y))];
      const isRight = px > width / 2;
      return [
        shape("path", { class: "mark", d: `M${px} ${py - 8}L${px + 8} ${py}L${px} ${py + 8}L${px - 8} ${py}Z`, fill: PALETTE[0], stroke: "#FFFFFF", "stroke-width": 1 },
          shape("title", {}, point.row.label)),
        text(isRight ? px - 12 : px + 12, py + 5, fitting(point.row.label, width / 2 - 30), { "font-weight": 700, "text-anchor": isRight ? "end" : "start" }),
      ];
    }),
  ];
}

const LIMITS = [
  ["warningLower", "6 4"],
  ["warningUpper", "6 4"],
  ["alarmLower", ""],
  ["alarmUpper", ""],
] as const;

export function funnel(data: Data, title: string, unit: string, width: number): Shape {
  const points = pointsOf(data.rows).sort((a, b) => a.x - b.x);
  const limitsOf = (point: Point): number[] => LIMITS.flatMap(([name]) => extraNumber(point.row, name) ?? []);
  const x = scaleOf([0, ...points.map((point) => point.x)], LEFT, width - RIGHT, true, width < 520 ? 3 : 6);
  const y = scaleOf(points.flatMap((point) => [point.y, ...limitsOf(point)]), TOP + PLOT, TOP, false);
  const target = points.map((point) => extraNumber(point.row, "target")).find((value) => value !== null) ?? null;
  const children = frame(x, y, width, "cohort members (denominator)", unit);
  for (const [name, dashes] of LIMITS) {
    const path = points.flatMap((point) => {
      const limit = extraNumber(point.row, name);
      return limit === null ? [] : [`${round(x.at(point.x))} ${round(y.at(limit))}`];
    });
    if (path.length > 1)
      children.push(shape("path", { d: `M${path.join("L")}`, fill: "none", stroke: QUIET, "stroke-width": 1.5, ...(dashes === "" ? {} : { "stroke-dasharray": dashes }) }));
  }
  if (target !== null) {
    children.push(line(LEFT, y.at(target), width - RIGHT, y.at(target), { stroke: INK, "stroke-width": 1.5 }));
  }
  return picture(width, TOP + PLOT + 56, title, ...children, ...marks(points, x, y, width));
}

export function scatter(data: Data, title: string, unit: string, width: number): Shape {
  const points = pointsOf(data.rows);
  const all = points.flatMap((point) => [point.x, point.y]);
  const x = scaleOf(all, LEFT, width - RIGHT, false, width < 520 ? 3 : 6);
  const y = scaleOf(all, TOP + PLOT, TOP, false);
  // Where both are the same.
  const same = line(x.at(x.from), y.at(x.from), x.at(x.to), y.at(x.to), { stroke: INK, "stroke-width": 1.5, "stroke-dasharray": "5 4" });
  return picture(width, TOP + PLOT + 56, title, ...frame(x, y, width, "expected", unit), same, ...marks(points, x, y, width));
}
