// Tables of class waymark-sortable get a button in each column's head. Values that are not there come last either way.

export function order(a: string, b: string, isNumber: boolean): number {
  if (!isNumber) return a.localeCompare(b, "en-GB", { numeric: true });
  if (a === "" || b === "") return a === b ? 0 : a === "" ? 1 : -1;
  return Number(a) - Number(b);
}

function keyOf(cell: HTMLTableCellElement | undefined): string {
  return cell?.dataset["value"] ?? (cell?.dataset["state"] === undefined ? (cell?.textContent ?? "").trim() : "");
}

export function makeSortable(page: Document): void {
  for (const table of page.querySelectorAll<HTMLTableElement>("table.waymark-sortable")) {
    const heads = Array.from(table.tHead?.rows[0]?.cells ?? []);
    heads.forEach((head, column) => {
      const button = page.createElement("button");
      button.type = "button";
      button.className = "waymark-sort";
      button.append(...Array.from(head.childNodes));
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const isDown = head.getAttribute("aria-sort") === "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", isDown ? "descending" : "ascending");
        const body = table.tBodies[0];
        if (body === undefined) return;
        const isNumber = head.classList.contains("govuk-table__header--numeric");
        const rows = Array.from(body.rows).map((row) => ({ row, key: keyOf(row.cells[column]) }));
        rows.sort((a, b) => {
          const isEmpty = isNumber && (a.key === "" || b.key === "");
          return isDown && !isEmpty ? -order(a.key, b.key, isNumber) : order(a.key, b.key, isNumber);
        });
        body.append(...rows.map((each) => each.row));
      });
    });
  }
}
