// A line a metric, each on its own scale: from the least to the greatest of the councils, the middle half thicker, all
// participants a line across, and the page's place a diamond. Numbers are in the table; here only who stands where.
import { extraNumber, type Data, type Row } from "./rows";
import { fitting } from "./scale";
import { GRID, INK, PALETTE, QUIET, line, picture, round, shape, text, type Shape } from "./svg";

const ROW = 40;
const TOP = 34;

export function spine(data: Data, title: string, _unit: string, width: number): Shape {
  const isNarrow = width < 520;
  const left = isNarrow ? 8 : Math.min(330, width * 0.42);
  const height = isNarrow ? ROW + 22 : ROW;
  const rows = data.rows.flatMap((row, i) => {
    const from = TOP + i * height + (isNarrow ? 20 : 0);
    const middle = from + ROW / 2;
    const label = isNarrow
      ? text(left, from, fitting(row.label, width - left))
      : text(left - 14, middle + 5, fitting(row.label, left - 18), { "text-anchor": "end" });
    return [label, ...spineOf(row, middle, left + 6, width - 16)];
  });
  const key = [
    shape("path", { d: diamond(isNarrow ? 14 : left, 12), fill: PALETTE[0] }),
    text((isNarrow ? 14 : left) + 14, 17, "this place"),
    line((isNarrow ? 14 : left) + 108, 4, (isNarrow ? 14 : left) + 108, 20, { stroke: INK, "stroke-width": 3 }),
    text((isNarrow ? 14 : left) + 116, 17, "all participants"),
  ];
  return picture(width, TOP + data.rows.length * height + 10, title, ...key, ...rows);
}

function spineOf(row: Row, middle: number, begin: number, end: number): Shape[] {
  const [least, most] = [extraNumber(row, "least"), extraNumber(row, "most")];
  const all = extraNumber(row, "all");
  const values = [least, most, all, row.value].filter((value): value is number => value !== null);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (values.length < 2 || low === high) {
    const words = row.state !== "" ? row.state : "too little to set side by side";
    return [text(begin, middle + 5, words, { fill: QUIET, "font-style": "italic" })];
  }
  const at = (value: number): number => begin + ((value - low) / (high - low)) * (end - begin);
  const shapes = [line(begin, middle, end, middle, { stroke: GRID, "stroke-width": 8 })];
  const [q1, q3] = [extraNumber(row, "q1"), extraNumber(row, "q3")];
  if (q1 !== null && q3 !== null) shapes.push(line(at(q1), middle, at(q3), middle, { stroke: PALETTE[5], "stroke-width": 14 }));
  if (all !== null) shapes.push(line(at(all), middle - 13, at(all), middle + 13, { stroke: INK, "stroke-width": 3 }));
  if (row.value === null) shapes.push(text(begin, middle - 10, row.state, { fill: QUIET, "font-style": "italic" }));
  else shapes.push(shape("path", { class: "mark", d: diamond(at(row.value), middle), fill: PALETTE[0], stroke: "#FFFFFF", "stroke-width": 1 }));
  return shapes;
}

function diamond(x: number, y: number): string {
  return `M${round(x)} ${round(y - 9)}L${round(x + 9)} ${round(y)}L${round(x)} ${round(y + 9)}L${round(x - 9)} ${round(y)}Z`;
}
