import { describe, expect, it } from "vitest";

import { bars } from "../src/charts/bars";
import { curves, trend } from "../src/charts/lines";
import { funnel, scatter } from "../src/charts/points";
import { numberIn, type Cell, type Data, type Row } from "../src/charts/rows";
import { sankey, stacksOf } from "../src/charts/sankey";
import { fitting, scaleOf, ticksOf } from "../src/charts/scale";
import { spine } from "../src/charts/spine";
import { markup, type Shape } from "../src/charts/svg";
import { order } from "../src/sortable";

function row(label: string, value: number | null, state = "", low: number | null = null, high: number | null = null): Row {
  return { label, value, low, high, state, isOwn: label === "Own", extra: {}, cells: [] };
}

function of(...rows: Row[]): Data {
  return { rows, series: [] };
}

function all(picture: Shape, name: string): Shape[] {
  const found = picture.name === name ? [picture] : [];
  return found.concat(...picture.children.map((child) => (typeof child === "string" ? [] : all(child, name))));
}

describe("scales", () => {
  it("have round ticks that cover the values", () => {
    expect(ticksOf(0, 10)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(ticksOf(3.2, 3.9)).toEqual([3.2, 3.4, 3.6, 3.8, 4]);
    expect(ticksOf(-7, 12)).toEqual([-10, -5, 0, 5, 10, 15]);
    expect(ticksOf(5, 5)).toEqual([5]);
    for (const [low, high] of [[0, 0.000031], [-1e9, 3], [0.1, 0.3]] as const) {
      const ticks = ticksOf(low, high);
      expect(ticks[0]).toBeLessThanOrEqual(low);
      expect(ticks[ticks.length - 1]).toBeGreaterThanOrEqual(high);
      expect(ticks.length).toBeLessThan(9);
    }
  });
  it("have a length where all values are the same, or there are none", () => {
    for (const values of [[], [0], [5], [-5], [0, 0]]) {
      const scale = scaleOf(values, 0, 100, true);
      expect(scale.to).toBeGreaterThan(scale.from);
      expect(Number.isFinite(scale.at(0))).toBe(true);
    }
  });
  it("put their ends at the ends", () => {
    const scale = scaleOf([0, 9], 50, 250, true);
    expect(scale.at(0)).toBe(50);
    expect(scale.at(10)).toBe(250);
    expect(scale.at(5)).toBe(150);
  });
});

describe("bars", () => {
  it("are as long as their values", () => {
    const picture = bars(of(row("Own", 10), row("Other", 5)), "t", "%", 900);
    const [own, other] = all(picture, "rect").map((rect) => Number(rect.attributes["width"]));
    expect(own).toBeCloseTo((other ?? 0) * 2);
  });
  it("say what is not there in words, and draw no bar for it", () => {
    const picture = bars(of(row("A", null, "[c] suppressed"), row("B", 0), row("C", null, "[low] rounds to zero")), "t", "%", 900);
    expect(all(picture, "rect").length).toBe(1);
    expect(markup(picture)).toContain("[c] suppressed");
    expect(markup(picture)).toContain("[low] rounds to zero");
  });
  it("stay within the picture at any width, with names of any length", () => {
    for (const width of [260, 320, 519, 900]) {
      const picture = bars(of(row("N".repeat(300), -4, "", -9, 3), row("Own", 1e9)), "t", "%", width);
      for (const rect of all(picture, "rect")) {
        const x = Number(rect.attributes["x"]);
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x + Number(rect.attributes["width"])).toBeLessThanOrEqual(width);
      }
      expect(markup(picture).length).toBeLessThan(8000);
    }
  });
  it("write names as text, never as markup", () => {
    const written = markup(bars(of(row('<script>alert("x")</script>&', 1)), '"><img>', "%", 900));
    expect(written).not.toContain("<script");
    expect(written).not.toContain("<img");
    expect(written).toContain("&lt;script&gt;");
  });
});

describe("cells", () => {
  it("are numbers or nothing", () => {
    expect(numberIn("0")).toBe(0);
    expect(numberIn("-1.5")).toBe(-1.5);
    for (const words of [undefined, "", "[c]", "NaN", "1,000"]) expect(numberIn(words)).toBeNull();
  });
  it("sort as numbers or as words", () => {
    expect(order("9", "10", true)).toBeLessThan(0);
    expect(order("", "10", true)).toBeGreaterThan(0);
    expect(order("Áb", "b", false)).toBeLessThan(0);
  });
  it("are cut where they do not fit", () => {
    expect(fitting("short", 200)).toBe("short");
    expect(fitting("a very long name of a council", 80)).toBe("a ver…ncil");
    expect(fitting("x".repeat(300), 80).length).toBeLessThanOrEqual(10);
  });
});

function cell(value: number | null, low: number | null = null, high: number | null = null, state = ""): Cell {
  return { value, low, high, state };
}

function series(names: string[], rows: { label: string; cells: Cell[]; extra?: Record<string, string> }[]): Data {
  return { series: names, rows: rows.map((each) => ({ ...row(each.label, null), extra: {}, ...each })) };
}

const NUMBERS = /-?\d+(?:\.\d+)?/g;

// Every coordinate of a path, as pairs.
function pairs(path: Shape): [number, number][] {
  const numbers = (String(path.attributes["d"]).match(NUMBERS) ?? []).map(Number);
  return numbers.flatMap((x, i): [number, number][] => (i % 2 === 0 ? [[x, numbers[i + 1] ?? NaN]] : []));
}

describe("lines", () => {
  const data = series(["North", "All"], [
    { label: "2021-22", cells: [cell(10, 8, 12), cell(20, 19, 21)] },
    { label: "2022-23", cells: [cell(null, null, null, "[c] suppressed"), cell(22, 21, 23)] },
    { label: "2023-24", cells: [cell(14, 12, 16), cell(24, 23, 25)], extra: { break: "definition" } },
  ]);
  it("leave a gap where there is no value, and say why", () => {
    const strokes = all(trend(data, "t", "%", 900), "path").filter((path) => path.attributes["stroke-width"] === 2.5);
    expect(strokes.length).toBe(1); // of the second alone: the first has no two neighbours
    expect(pairs(strokes[0] as Shape).length).toBe(3);
    expect(markup(trend(data, "t", "%", 900))).toContain("[c]");
  });
  it("say that there is no figure where its state has no shorthand", () => {
    const missing: Cell = { value: null, low: null, high: null, state: "not followed for long enough yet" };
    const own = series(["Our figure"], [{ label: "2022-23", cells: [cell(5)] }, { label: "2023-24", cells: [missing] }]);
    const words = all(trend(own, "t", "%", 900), "text").flatMap((each) => each.children);
    expect(words).toContain("none");
    expect(words).not.toContain("not");
  });
  it("rise where values rise, in proportion", () => {
    const [stroke] = all(trend(data, "t", "%", 900), "path").filter((path) => path.attributes["stroke-width"] === 2.5);
    const [a, b, c] = pairs(stroke as Shape).map(([, y]) => y);
    expect((a ?? 0) - (b ?? 0)).toBeCloseTo((b ?? 0) - (c ?? 0), 1);
    expect(a).toBeGreaterThan(b ?? 0);
  });
  it("are at most four, each with a sign of its own beside its colour", () => {
    const five = series(["a", "b", "c", "d", "e"], [1, 2].map((n) => ({ label: String(n), cells: [1, 2, 3, 4, 5].map((v) => cell(v * n)) })));
    const strokes = all(trend(five, "t", "%", 900), "path").filter((path) => path.attributes["stroke-width"] === 2.5);
    expect(strokes.length).toBe(4);
    expect(new Set(strokes.map((path) => path.attributes["stroke-dasharray"] ?? "")).size).toBe(4);
  });
  it("mark where something else changed", () => {
    expect(all(trend(data, "t", "%", 900), "line").filter((each) => each.attributes["stroke-dasharray"] === "5 4").length).toBe(1);
  });
  it("of a curve are steps over days", () => {
    const curve = series(["All"], [0, 30, 90].map((day, i) => ({ label: String(day), extra: { x: String(day) }, cells: [cell(100 - 10 * i)] })));
    const [stroke] = all(curves(curve, "t", "%", 900), "path").filter((path) => path.attributes["stroke-width"] === 2.5);
    const points = pairs(stroke as Shape);
    expect(points.length).toBe(5);
    points.slice(1).forEach(([x, y], i) => expect(x === points[i]?.[0] || y === points[i]?.[1]).toBe(true));
    const [x0, , x30, , x90] = [points[0]?.[0], 0, points[1]?.[0], 0, points[3]?.[0]];
    expect(((x30 ?? 0) - (x0 ?? 0)) * 3).toBeCloseTo((x90 ?? 0) - (x0 ?? 0), 0);
  });
});

describe("points", () => {
  const council = (label: string, x: string, value: number): Row => ({ ...row(label, value), extra: { x, target: "20", warningLower: "15", warningUpper: "25", alarmLower: "10", alarmUpper: "30" } });
  it("of a funnel lie at their size and value, in their limits", () => {
    const picture = funnel(of(council("Own", "100", 20), council("A", "400", 26), { ...row("B", null), extra: { x: "200" } }), "t", "%", 900);
    expect(all(picture, "circle").length).toBe(1); // who has no value is in the table alone
    expect(all(picture, "path").filter((path) => path.attributes["stroke-width"] === 1.5).length).toBe(4);
    expect(markup(picture)).toContain(">Own</text>");
  });
  it("of a scatter lie on the line where both are the same", () => {
    const picture = scatter(of({ ...row("A", 30), extra: { x: "30" } }, { ...row("B", 10), extra: { x: "20" } }), "t", "%", 900);
    const [a, b] = all(picture, "circle").map((each) => [Number(each.attributes["cx"]), Number(each.attributes["cy"])]);
    const same = all(picture, "line").find((each) => each.attributes["stroke-dasharray"] === "5 4")?.attributes ?? {};
    const on = (point: number[] | undefined): number => {
      const [x1, y1, x2, y2] = ["x1", "y1", "x2", "y2"].map((name) => Number(same[name])) as [number, number, number, number];
      return (point?.[1] ?? 0) - (y1 + (((point?.[0] ?? 0) - x1) / (x2 - x1)) * (y2 - y1));
    };
    expect(on(a)).toBeCloseTo(0, 0);
    expect(on(b)).toBeGreaterThan(10); // less came than was expected: below
  });
});

describe("spines", () => {
  it("set a place between the least and the greatest", () => {
    const own = { ...row("Metric", 15), extra: { least: "10", q1: "12", q3: "18", most: "20", all: "14" } };
    const picture = spine(of(own, { ...row("None", null, "[c] suppressed"), extra: {} }), "t", "", 900);
    expect(all(picture, "path").filter((path) => path.attributes["class"] === "mark").length).toBe(1);
    expect(markup(picture)).toContain("[c] suppressed");
  });
});

describe("journeys", () => {
  const flow = (from: string, to: string, value: number | null): Row => ({ ...row(`${from} to ${to}`, value), extra: { from, to } });
  it("are as wide as they are many, and both sides hold all of them", () => {
    const flows = [{ from: "a", to: "x", value: 30 }, { from: "a", to: "y", value: 10 }, { from: "b", to: "x", value: 60 }];
    const left = stacksOf(flows, "from", (value) => value);
    const right = stacksOf(flows, "to", (value) => value);
    expect(left.map((stack) => stack.value)).toEqual([40, 60]);
    expect(right.map((stack) => stack.value)).toEqual([90, 10]);
    expect((left[1]?.y ?? 0) - (left[0]?.y ?? 0)).toBeGreaterThan(40);
  });
  it("without a number are not drawn", () => {
    const picture = sankey(of(flow("a", "x", 5), flow("a", "y", null)), "t", "moves", 900);
    expect(all(picture, "path").length).toBe(1);
    expect(markup(sankey(of(flow("a", "y", null)), "t", "moves", 900))).toContain("no move has a number");
  });
});
