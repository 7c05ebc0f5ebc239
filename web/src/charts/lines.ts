// Up to four lines with their bands: a trend over periods, or curves over days. Each line has its own dashes and marks
// beside its colour, and its name at its end and in the legend. A gap stays a gap: no line is drawn across it.
import { extraNumber, type Cell, type Data } from "./rows";
import { fitting, numberText, scaleOf } from "./scale";
import { GRID, INK, PALETTE, QUIET, line, picture, round, shape, text, type Shape } from "./svg";

const MOST = 4;
const DASHES = ["", "8 4", "2 4", "10 3 2 3"];
const LEFT = 62;
const RIGHT = 20;
const PLOT = 300;
const LEGEND = 24;

interface Options {
  readonly isCurve: boolean; // over data-x, as steps; else a point a row
}

export function trend(data: Data, title: string, unit: string, width: number): Shape {
  return lines(data, title, unit, width, { isCurve: false });
}

export function curves(data: Data, title: string, unit: string, width: number): Shape {
  return lines(data, title, unit, width, { isCurve: true });
}

function lines(data: Data, title: string, unit: string, width: number, options: Options): Shape {
  const series = data.series.slice(0, MOST);
  const top = 16 + series.length * LEGEND;
  const bottom = top + PLOT;
  const cells = data.rows.flatMap((row) => row.cells.slice(0, MOST));
  const values = cells.flatMap((cell) => [cell.value, cell.low, cell.high]).filter((value): value is number => value !== null);
  const y = scaleOf(values, bottom, top, true);
  const places = placesOf(data, options, width);
  const children = [
    ...y.ticks.flatMap((tick) => [
      line(LEFT, y.at(tick), width - RIGHT, y.at(tick), { stroke: tick === 0 ? INK : GRID, "stroke-width": 1 }),
      text(LEFT - 8, y.at(tick) + 5, numberText(tick), { "text-anchor": "end" }),
    ]),
    ...labelsOf(data, places, options, width, bottom),
    ...breaksOf(data, places, top, bottom),
  ];
  series.forEach((name, i) => {
    const style = { colour: PALETTE[i] ?? INK, dashes: DASHES[i] ?? "", mark: i };
    const points = data.rows.map((row, at) => ({ x: places[at] ?? LEFT, cell: row.cells[i] ?? NOTHING }));
    children.push(...drawn(points, y.at, style, options), ...legend(name, i, style, width));
    for (const { x, cell } of points) {
      if (cell.value === null && cell.state !== "")
        children.push(text(x, bottom - 6 - i * 16, shorthand(cell.state), { "text-anchor": "middle", fill: QUIET, "font-style": "italic" }));
    }
  });
  children.push(text(4, top - 6, unit, { fill: QUIET }));
  return picture(width, bottom + 48, title, ...children);
}

const NOTHING: Cell = { value: null, low: null, high: null, state: "" };

// "[c]" of "[c] suppressed"; of a council's own figures, which have no shorthand, that there is none.
function shorthand(state: string): string {
  return /^\[\w+\]/.exec(state)?.[0] ?? "none";
}

function placesOf(data: Data, options: Options, width: number): number[] {
  const room = width - LEFT - RIGHT;
  if (options.isCurve) {
    const days = data.rows.map((row) => extraNumber(row, "x") ?? 0);
    const most = Math.max(1, ...days);
    return days.map((day) => LEFT + (day / most) * room);
  }
  const step = room / Math.max(1, data.rows.length);
  return data.rows.map((_, i) => LEFT + (i + 0.5) * step);
}

function labelsOf(data: Data, places: readonly number[], options: Options, width: number, bottom: number): Shape[] {
  if (options.isCurve) {
    const most = Math.max(1, ...data.rows.map((row) => extraNumber(row, "x") ?? 0));
    const x = scaleOf([0, most], LEFT, width - RIGHT, true, width < 520 ? 3 : 6);
    const room = width - LEFT - RIGHT;
    return x.ticks
      .filter((tick) => tick <= most)
      .map((tick) => text(LEFT + (tick / most) * room, bottom + 20, numberText(tick), { "text-anchor": "middle" }))
      .concat(text(width - RIGHT, bottom + 40, "days", { "text-anchor": "end", fill: QUIET }));
  }
  // As many as do not touch each other, the last always.
  const letters = Math.max(1, ...data.rows.map((row) => row.label.length)) * 7.6 + 8;
  const every = Math.max(1, Math.ceil((letters * data.rows.length) / (width - LEFT - RIGHT)));
  const last = data.rows.length - 1;
  return data.rows.flatMap((row, i) =>
    (last - i) % every === 0 ? [text(places[i] ?? 0, bottom + 20, row.label, { "text-anchor": "middle" })] : [],
  );
}

// What else changed before a period: a dashed line; the table and the text say what.
function breaksOf(data: Data, places: readonly number[], top: number, bottom: number): Shape[] {
  return data.rows.flatMap((row, i) => {
    const at = places[i];
    const before = places[i - 1];
    if ((row.extra["break"] ?? "") === "" || at === undefined || before === undefined) return [];
    const x = (at + before) / 2;
    return [line(x, top, x, bottom, { stroke: INK, "stroke-width": 1.5, "stroke-dasharray": "5 4" })];
  });
}

interface Style {
  readonly colour: string;
  readonly dashes: string;
  readonly mark: number;
}

function drawn(points: readonly { x: number; cell: Cell }[], at: (value: number) => number, style: Style, options: Options): Shape[] {
  const shapes: Shape[] = [];
  for (const run of runsOf(points)) {
    const upper = pathOf(run.map((p) => [p.x, at(p.cell.high ?? p.cell.value ?? 0)]), options.isCurve);
    const lower = pathOf(run.map((p) => [p.x, at(p.cell.low ?? p.cell.value ?? 0)] as const), options.isCurve);
    if (run.length > 1 && run.some((p) => p.cell.low !== null)) {
      shapes.push(shape("path", { d: `M${upper.join("L")}L${[...lower].reverse().join("L")}Z`, fill: style.colour, "fill-opacity": 0.15 }));
    }
    const middle = pathOf(run.map((p) => [p.x, at(p.cell.value ?? 0)] as const), options.isCurve);
    if (run.length > 1) {
      shapes.push(shape("path", { class: "mark", d: `M${middle.join("L")}`, fill: "none", stroke: style.colour, "stroke-width": 2.5, ...(style.dashes === "" ? {} : { "stroke-dasharray": style.dashes }) }));
    }
    if (!options.isCurve) {
      for (const { x, cell } of run) {
        if (cell.low !== null && cell.high !== null && run.length === 1)
          shapes.push(line(x, at(cell.low), x, at(cell.high), { stroke: style.colour, "stroke-width": 2 }));
        shapes.push(markAt(x, at(cell.value ?? 0), style));
      }
    }
  }
  return shapes;
}

function runsOf<T extends { cell: Cell }>(points: readonly T[]): T[][] {
  const runs: T[][] = [[]];
  for (const point of points) {
    if (point.cell.value === null) runs.push([]);
    else runs[runs.length - 1]?.push(point);
  }
  return runs.filter((run) => run.length > 0);
}

function pathOf(points: readonly (readonly [number, number])[], asSteps: boolean): string[] {
  return points.flatMap(([x, y], i) => {
    const before = points[i - 1];
    const here = `${round(x)} ${round(y)}`;
    return asSteps && before !== undefined ? [`${round(x)} ${round(before[1])}`, here] : [here];
  });
}

// A circle, square, triangle, diamond: another for each line.
function markAt(x: number, y: number, style: Style): Shape {
  const common = { class: "mark", fill: style.colour, stroke: "#FFFFFF", "stroke-width": 1 };
  switch (style.mark) {
    case 0:
      return shape("circle", { ...common, cx: round(x), cy: round(y), r: 5 });
    case 1:
      return shape("rect", { ...common, x: round(x - 4.5), y: round(y - 4.5), width: 9, height: 9 });
    case 2:
      return shape("path", { ...common, d: `M${round(x)} ${round(y - 6)}L${round(x + 6)} ${round(y + 5)}L${round(x - 6)} ${round(y + 5)}Z` });
    default:
      return shape("path", { ...common, d: `M${round(x)} ${round(y - 6)}L${round(x + 6)} ${round(y)}L${round(x)} ${round(y + 6)}L${round(x - 6)} ${round(y)}Z` });
  }
}

function legend(name: string, i: number, style: Style, width: number): Shape[] {
  const y = 16 + i * LEGEND;
  return [
    line(LEFT, y, LEFT + 34, y, { stroke: style.colour, "stroke-width": 2.5, ...(style.dashes === "" ? {} : { "stroke-dasharray": style.dashes }) }),
    markAt(LEFT + 17, y, style),
    text(LEFT + 44, y + 5, fitting(name, width - LEFT - 50)),
  ];
}
