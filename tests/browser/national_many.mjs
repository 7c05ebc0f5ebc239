// The national pages of all of England's authorities: node national_many.mjs ADDRESS TOKEN [published]
// "published": the files of published statistics are there.
import assert from "node:assert/strict";

import { check, checkPages, picture, signIn, withBrowser } from "./browser.mjs";

const [address, token, published] = process.argv.slice(2);
const LONDON = "E12000007";
const PAGES = { councils: "/metrics/19/councils?geography=E06000001", metric: "/metrics/19", region: `/metrics/19?geography=${LONDON}`,
  report: `/reports/${LONDON}?period=2023-24`, rounds: "/rounds" };

await withBrowser(address, async (context) => {
  const page = await signIn(context, address, { token });
  await checkPages(page, address, PAGES, { narrow: ["councils"], prefix: "many-" });
  await check("each of 152 councils has its row and its point within a funnel, or it is said why not", async () => {
    await page.goto(address + PAGES.councils);
    const rows = await page.$$eval("#section-1-table tbody tr", (all) => all.map((row) => ({
      name: row.cells[0].textContent, isShown: row.cells[1].dataset.value !== undefined, state: row.cells[1].dataset.state ?? "" })));
    assert.ok(rows.length >= 152, `${rows.length} rows`);
    const shown = rows.filter((row) => row.isShown).length;
    assert.equal((await page.$$("figure[data-chart=funnel] circle.mark, figure[data-chart=funnel] path.mark")).length, shown);
    assert.ok(rows.filter((row) => row.state.startsWith("[c]")).length > 5);
    assert.match(await page.textContent("main"), /152 of 153 councils gave a table/);
    const start = Date.now();
    await page.reload({ waitUntil: "load" });
    console.log(`# ${rows.length} councils after ${Date.now() - start} ms`);
  });
  await check("a place is found among all of them by keyboard", async () => {
    await page.goto(address + PAGES.metric);
    await page.focus("#geography");
    await page.keyboard.type("Hartlepool");
    await page.focus("main form button");
    await page.keyboard.press("Enter");
    await page.waitForURL(/geography=E06000001/);
    assert.match(await page.textContent(".govuk-body-l"), /Hartlepool/);
  });
  if (!published) {
    console.log("# the published files are not here: no scorecard is looked at");
    return;
  }
  await checkPages(page, address, { expected: "/scorecards?authority=E06000001", scorecard: "/scorecards/E06000001" }, { prefix: "many-" });
  await check("what came is drawn over what was expected, an authority a point", async () => {
    await page.goto(`${address}/scorecards?authority=E06000001`);
    const [points, rows] = await page.evaluate(() => [
      document.querySelectorAll("figure[data-chart=scatter] .mark").length,
      document.querySelectorAll("#expected-table tbody td:nth-child(2)[data-value]").length]);
    assert.ok(rows > 140, `${rows} authorities`);
    assert.equal(points, rows);
    assert.ok((await page.textContent("figure[data-chart=scatter] svg")).includes("Hartlepool"));
    await picture(page, "many-scatter");
  });
});
