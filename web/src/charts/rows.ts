// What a chart shows is read from the table beside it, so the two cannot differ. Each row has its label in the th, and what
// a chart needs in attributes: of a cell data-value, data-low, data-high (numbers as the API gives them), or data-state with
// the words for a value that is not there; of the row whatever else its kind of chart draws. Where a head has
// data-series, its column is a line of that name.

export interface Cell {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly state: string; // "[c] suppressed", where there is no value
}

export interface Row extends Cell {
  readonly label: string;
  readonly isOwn: boolean; // the place that the page is about
  readonly extra: Readonly<Record<string, string>>; // the row's own data-…
  readonly cells: readonly Cell[]; // of the series, in their order
}

export interface Data {
  readonly rows: readonly Row[];
  readonly series: readonly string[];
}

export function numberIn(words: string | undefined): number | null {
  if (words === undefined || words === "") return null;
  const value = Number(words);
  return Number.isFinite(value) ? value : null;
}

export function extraNumber(row: Row, name: string): number | null {
  return numberIn(row.extra[name]);
}

function cellOf(cell: HTMLElement | null): Cell {
  return {
    value: numberIn(cell?.dataset["value"]),
    low: numberIn(cell?.dataset["low"]),
    high: numberIn(cell?.dataset["high"]),
    state: cell?.dataset["state"] ?? "",
  };
}

export function dataOf(table: HTMLTableElement): Data {
  const heads = Array.from(table.tHead?.rows[0]?.cells ?? []);
  const columns = heads.flatMap((head, column) => (head.dataset["series"] === undefined ? [] : [column]));
  const rows = Array.from(table.tBodies).flatMap((body) =>
    Array.from(body.rows).map((row) => {
      const extra: Record<string, string> = {};
      for (const [name, value] of Object.entries(row.dataset)) extra[name] = value ?? "";
      return {
        ...cellOf(row.querySelector<HTMLElement>("[data-value], [data-state]")),
        label: (row.querySelector("th")?.textContent ?? "").trim(),
        isOwn: row.dataset["own"] === "yes",
        extra,
        cells: columns.map((column) => cellOf(row.cells[column] ?? null)),
      };
    }),
  );
  return { rows, series: columns.map((column) => heads[column]?.dataset["series"] ?? "") };
}
