// A picture as plain data: made by pure functions, put into the page by element(), or written out by markup().
// Everything that is seen stands in attributes, so that the file that is downloaded looks as on the page.

export interface Shape {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly (Shape | string)[];
}

export const PALETTE = ["#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1"] as const;
export const INK = "#0B0C0C";
export const QUIET = "#505A5F";
export const GRID = "#CECECE";
const FONT = "Arial, sans-serif";

export function shape(name: string, attributes: Shape["attributes"], ...children: (Shape | string)[]): Shape {
  return { name, attributes, children };
}

export function text(x: number, y: number, words: string, attributes: Shape["attributes"] = {}): Shape {
  return shape("text", { x: round(x), y: round(y), fill: INK, "font-family": FONT, "font-size": 14, ...attributes }, words);
}

export function line(x1: number, y1: number, x2: number, y2: number, attributes: Shape["attributes"]): Shape {
  return shape("line", { x1: round(x1), y1: round(y1), x2: round(x2), y2: round(y2), ...attributes });
}

// The whole picture, with what it shows in words.
export function picture(width: number, height: number, title: string, ...children: Shape[]): Shape {
  return shape(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${round(width)} ${round(height)}`, role: "img", "aria-label": title },
    shape("title", {}, title),
    ...children,
  );
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escaped(words: string): string {
  return words.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character);
}

export function markup(node: Shape | string): string {
  if (typeof node === "string") return escaped(node);
  const attributes = Object.entries(node.attributes)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join("");
  return `<${node.name}${attributes}>${node.children.map(markup).join("")}</${node.name}>`;
}

export function element(node: Shape, to: Document): SVGElement {
  const made = to.createElementNS("http://www.w3.org/2000/svg", node.name) as SVGElement;
  for (const [name, value] of Object.entries(node.attributes)) {
    if (name !== "xmlns") made.setAttribute(name, String(value));
  }
  for (const child of node.children) made.append(typeof child === "string" ? child : element(child, to));
  return made;
}
