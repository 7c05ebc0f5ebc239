// The national pages: node national.mjs ADDRESS TOKEN
import assert from "node:assert/strict";

import { accessible, check, checkPages, checkSigningOut, fillIn, picture, signIn, tabTo, withBrowser } from "./browser.mjs";

const [address, token] = process.argv.slice(2);
const NORTH = "E12999901";
const PAGES = { "metrics": "/", "metric": "/metrics/19", "region": `/metrics/19?geography=${NORTH}`,
  "council": "/metrics/19?geography=E99000002", "suppressed": "/metrics/19?period=2021-22",
  "absent": "/metrics/19?geography=E99000007", "noised": "/metrics/1", "breakdown": `/metrics/19?breakdown=sex`,
  "trend": `/metrics/19/trend?geography=${NORTH}`, "councils": "/metrics/19/councils?geography=E99000003",
  "curve": `/metrics/9/curve?geography=${NORTH}`, "journeys": "/metrics/31/journeys", "reports": "/reports",
  "report": `/reports/${NORTH}?period=2022-23`, "rounds": "/rounds", "scorecards": "/scorecards", "unknown": "/metrics/190", "refused": "/metrics/19?period=soon" };

await withBrowser(address, async (context) => {
  const page = await context.newPage();
  await check("signing in with a wrong token says so, and then with the right one comes back", async () => {
    await page.goto(`${address}/metrics/19`);
    await accessible(page, "sign-in");
    await fillIn(page, { token: "waymark_wrong" });
    assert.match(await page.textContent(".govuk-error-summary"), /not known here/);
    await accessible(page, "sign-in with an error");
    await picture(page, "sign-in-error");
    await fillIn(page, { token });
    await page.waitForURL(`${address}/metrics/19`);
  });
  await checkPages(page, address, PAGES, { narrow: ["metrics", "region", "report"] });
  await check("a chart shows what its table says", async () => {
    await page.goto(address + PAGES.region);
    const charts = await page.$$eval("figure[data-chart]", (figures) => figures.map((figure) => ({
      bars: figure.querySelectorAll("rect.mark").length,
      values: document.querySelectorAll(`#${figure.dataset.table} tbody tr td:nth-child(2)[data-value]`).length,
      words: [...figure.querySelectorAll("text")].map((text) => text.textContent),
      missing: [...document.querySelectorAll(`#${figure.dataset.table} td[data-state]`)].map((cell) => cell.dataset.state) })));
    assert.ok(charts.length > 0);
    for (const chart of charts) {
      assert.equal(chart.bars, chart.values);
      for (const state of chart.missing) assert.ok(chart.words.includes(state), state);
    }
  });
  await check("every kind of chart is drawn where its page has figures", async () => {
    for (const [name, mark] of [["trend", "circle.mark"], ["councils", "circle.mark"], ["curve", "path.mark"], ["journeys", "path.flow"], ["report", "path.mark"]]) {
      await page.goto(address + PAGES[name]);
      assert.ok((await page.$$(`figure[data-chart] ${mark}`)).length > 0, name);
    }
  });
  await check("what is suppressed or absent is said, in the table and in the chart", async () => {
    for (const [name, words] of [["suppressed", "[c] suppressed"], ["absent", "[absent] the council gave no table"]]) {
      await page.goto(address + PAGES[name]);
      assert.ok((await page.textContent("#section-1-table")).includes(words), name);
      assert.ok((await page.textContent("figure svg")).includes(words), name);
    }
  });
  await check("the first page is under 250 kB", async () => {
    const fresh = await context.newPage();
    const network = await context.newCDPSession(fresh);
    await network.send("Network.enable");
    await network.send("Network.setCacheDisabled", { cacheDisabled: true });
    await fresh.goto(address + PAGES.metric, { waitUntil: "load" });
    const [bytes, ready] = await fresh.evaluate(() => [
      [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].reduce((sum, each) => sum + each.transferSize, 0),
      performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd]);
    console.log(`# ${bytes} bytes; usable after ${Math.round(ready)} ms with a cold cache`);
    assert.ok(bytes < 250000, `${bytes} bytes`);
    await fresh.close();
  });
  await check("a name that is a script is text", async () => {
    await page.goto(address + PAGES.region);
    assert.match(await page.title(), /Waymark/);
    assert.match(await page.textContent("main"), /<script>document\.title="x"<\/script>/);
  });
  await check("a chart is downloaded as SVG", async () => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("figure button")]);
    assert.match(download.suggestedFilename(), /^waymark-19-.*\.svg$/);
  });
  await check("a table is sorted by its columns", async () => {
    const names = () => page.$$eval("#section-1-table tbody th", (cells) => cells.map((cell) => cell.textContent));
    const before = await names();
    await page.click("#section-1-table thead th:first-child button");
    assert.equal(await page.getAttribute("#section-1-table thead th:first-child", "aria-sort"), "ascending");
    const after = await names();
    assert.deepEqual([...after].sort((a, b) => a.localeCompare(b, "en-GB", { numeric: true })), after);
    assert.deepEqual([...after].sort(), [...before].sort());
    await accessible(page, "sorted");
  });
  await check("metric, place, period and breakdown are chosen by keyboard alone", async () => {
    await page.goto(`${address}/`);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to main content");
    await tabTo(page, 'a[href="/metrics/19"]');
    await page.keyboard.press("Enter");
    await page.waitForURL(`${address}/metrics/19`);
    await tabTo(page, "#geography");
    await page.keyboard.type("Test Region North");
    await tabTo(page, "main form button");
    await page.keyboard.press("Enter");
    await page.waitForURL(/geography=E12999901/);
    assert.match(await page.textContent(".govuk-body-l"), /Test Region North/);
    await page.goBack();
    assert.equal(new URL(page.url()).pathname, "/metrics/19");
  });
  await check("pages keep their meaning in forced colours, reduced motion and print", async () => {
    await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
    await page.goto(address + PAGES.region);
    await accessible(page, "forced colours");
    await picture(page, "region-forced-colours");
    await page.emulateMedia({ media: "print", forcedColors: "none" });
    assert.equal(await page.isVisible(".waymark-choices"), false);
    assert.equal(await page.isVisible("#section-1-table"), true);
    await picture(page, "region-print");
    await page.emulateMedia({ media: "screen" });
  });
  await checkSigningOut(context, page, address);
});

await withBrowser(address, async (context) => {
  await check("without scripts every page reads, and choosing works", async () => {
    const page = await signIn(context, address, { token });
    await page.goto(address + PAGES.metric);
    assert.equal(await page.$$eval("table tbody tr", (rows) => rows.length > 2), true);
    assert.equal(await page.isVisible("figure"), false);
    await page.selectOption("#geography", NORTH);
    await page.click("main form button");
    assert.match(await page.textContent(".govuk-body-l"), /Test Region North/);
  });
}, { javaScriptEnabled: false });
