// The national pages of a federation of one council: node national_one.mjs ADDRESS TOKEN
import assert from "node:assert/strict";

import { check, checkPages, signIn, withBrowser } from "./browser.mjs";

const [address, token] = process.argv.slice(2);
const OWN = "E99000001";
const PAGES = { metric: "/metrics/19", region: "/metrics/19?geography=E12999901", council: `/metrics/19?geography=${OWN}`,
  noised: "/metrics/1", breakdown: "/metrics/19?breakdown=sex", trend: "/metrics/19/trend", councils: "/metrics/19/councils",
  curve: "/metrics/9/curve", journeys: "/metrics/31/journeys", report: "/reports/E12999901?period=2022-23", rounds: "/rounds" };

await withBrowser(address, async (context) => {
  const page = await signIn(context, address, { token });
  await checkPages(page, address, PAGES, { prefix: "one-" });
  await check("of one council no figure of a region or of all is shown, and it is said why", async () => {
    for (const path of [PAGES.metric, PAGES.region, PAGES.noised]) {
      await page.goto(address + path);
      assert.match(await page.textContent("#section-1-table"), /\[few\] fewer councils than the round's least/, path);
      const shown = await page.$$eval("main tr:not([data-code^=E99]) > td[data-value]", (cells) => cells.filter((cell) => cell.dataset.value !== "").length);
      assert.equal(shown, 0, path);
    }
    await page.goto(address + PAGES.rounds);
    assert.match(await page.textContent("main"), /1 of 1 council gave a table/);
  });
});
