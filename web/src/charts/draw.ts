// Draws each chart of a page into its figure, anew when the width changes, and offers it as a file.
import { bars } from "./bars";
import { curves, trend } from "./lines";
import { funnel, scatter } from "./points";
import { dataOf, type Data } from "./rows";
import { sankey } from "./sankey";
import { spine } from "./spine";
import { element, markup, type Shape } from "./svg";

// By the figure's data-chart. A new kind of chart: a pure function, and a line here.
type Chart = (data: Data, title: string, unit: string, width: number) => Shape;
const CHARTS: Readonly<Record<string, Chart>> = { bars, curves, funnel, sankey, scatter, spine, trend };

export function drawCharts(page: Document): void {
  for (const figure of page.querySelectorAll<HTMLElement>("figure[data-chart]")) {
    const chart = CHARTS[figure.dataset["chart"] ?? ""];
    const table = page.getElementById(figure.dataset["table"] ?? "");
    if (chart === undefined || !(table instanceof HTMLTableElement)) continue;
    const title = figure.dataset["title"] ?? "";
    const unit = figure.dataset["unit"] ?? "";
    const data = dataOf(table);
    if (data.rows.length === 0) continue;
    const place = page.createElement("div");
    figure.prepend(place);
    let drawnAt = 0;
    const draw = (): void => {
      const width = Math.max(260, Math.min(900, Math.floor(figure.clientWidth)));
      if (width === drawnAt) return;
      drawnAt = width;
      place.replaceChildren(element(chart(data, title, unit, width), page));
    };
    draw();
    new ResizeObserver(draw).observe(figure);
    figure.append(download(page, figure.dataset["file"] ?? "chart", () => markup(chart(data, title, unit, 900))));
    figure.hidden = false;
  }
}

function download(page: Document, name: string, write: () => string): HTMLElement {
  const button = page.createElement("button");
  button.type = "button";
  button.className = "govuk-button govuk-button--secondary waymark-downloads";
  button.textContent = "Download this chart (SVG)";
  button.addEventListener("click", () => {
    const address = URL.createObjectURL(new Blob([write()], { type: "image/svg+xml" }));
    const link = page.createElement("a");
    link.href = address;
    link.download = `${name}.svg`;
    link.click();
    URL.revokeObjectURL(address);
  });
  return button;
}
