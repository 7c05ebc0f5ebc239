// A council's pages: node council.mjs ADDRESS EMPTY LEDGER. EMPTY: those of a council without a whole quarter of data; LEDGER: the
// ledger of the first, which is spoilt at the end.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";

import { accessible, check, checkPages, checkSigningOut, fillIn, fits, picture, signIn, tabTo, withBrowser } from "./browser.mjs";

const [address, empty, ledger] = process.argv.slice(2);
const PASSWORD = "a quiet garden", PASSPHRASE = "five green bottles";
const PAGES = { "difference": "/", "leaving": "/leaving", "ledger": "/ledger", "data": "/data", "metrics": "/metrics",
  "round": "/leaving/browsed", "metric": "/metrics/16", "service": "/metrics/16?period=2022-23&breakdown=service", "journeys": "/metrics/31", "distance": "/metrics/27",
  "caseload": "/caseload", "briefing": "/briefing", "questionnaires": "/questionnaires",
  "questionnaire": "/questionnaires/system_guide", "unknown": "/metrics/190", "refused": "/metrics/16?period=soon" };

await withBrowser(address, async (context) => {
  const page = await context.newPage();
  await check("signing in with a wrong password says so, and then with the right one comes back", async () => {
    await page.goto(`${address}/caseload`);
    await accessible(page, "sign-in");
    await fillIn(page, { name: "ig", password: "not this password" });
    assert.match(await page.textContent(".govuk-error-summary"), /do not go together/);
    await accessible(page, "sign-in with an error");
    await picture(page, "council-sign-in-error");
    await fillIn(page, { password: PASSWORD });
    await page.waitForURL(`${address}/caseload`);
  });
  await checkPages(page, address, PAGES, { narrow: ["difference", "round"], prefix: "council-" });
  await check("a council for which nothing is published yet sees that, beside its own figures", async () => {
    await page.goto(address + PAGES.difference);
    assert.match(await page.textContent("main"), /no benchmark is kept here yet/);
  });
  await check("trend and journeys are drawn beside their tables", async () => {
    await page.goto(address + PAGES.metric);
    const points = await page.$$eval("#trend-table td[data-value]", (cells) => cells.length);
    assert.ok(points > 1);
    assert.equal((await page.$$("figure[data-chart=trend] circle.mark")).length, points + 1); // and the legend's
    await page.goto(address + PAGES.journeys);
    const moves = await page.$$eval("#journeys-1-table td:nth-child(3)[data-value]", (cells) => cells.filter((cell) => Number(cell.dataset.value) > 0).length);
    assert.ok(moves > 0);
    assert.equal((await page.$$("figure[data-chart=sankey] path.flow")).length, moves);
  });
  await check("a service whose name is a script is text, however long", async () => {
    await page.goto(address + PAGES.service);
    assert.match(await page.textContent("main"), /<script>document\.title="x"<\/script>/);
    assert.doesNotMatch(await page.title(), /^x$/);
  });
  await check("the questions are answered by keyboard alone", async () => {
    await page.goto(`${address}/`);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to main content");
    await tabTo(page, 'main a[href="/metrics/16"]', 200);
    await page.keyboard.press("Enter");
    await page.waitForURL(`${address}/metrics/16`);
    await tabTo(page, "#breakdown");
    await page.keyboard.type("sex");
    await tabTo(page, "main form button");
    await page.keyboard.press("Enter");
    await page.waitForURL(/breakdown=sex/);
    assert.match(await page.textContent(".govuk-body-l"), /by sex/);
  });
  await check("a questionnaire is begun and answered by keyboard alone", async () => {
    await page.goto(address + PAGES.questionnaire);
    await tabTo(page, "main form button");
    await page.keyboard.press("Enter");
    await page.waitForSelector("main fieldset");
    await accessible(page, "questionnaire begun");
    await tabTo(page, "main .govuk-radios__input");
    await page.keyboard.press("Space");
    await page.focus("main form > button");
    await page.keyboard.press("Enter");
    await page.waitForURL(/done=saved/);
    assert.match(await page.textContent(".govuk-notification-banner"), /saved/);
    assert.match(await page.textContent("nav[aria-label=Sections]"), /\(1 of/);
    await accessible(page, "questionnaire saved");
    await picture(page, "council-questionnaire-saved");
  });
  await check("a briefing takes the council's words, and prints without the form", async () => {
    await page.goto(address + PAGES.briefing);
    await page.fill("#commentary", "Fewer families came back.\n\n<b>Why?</b>");
    await page.click("main form button");
    await page.waitForURL(/done=saved/);
    assert.match(await page.textContent("main"), /<b>Why\?<\/b>/);
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.isVisible("#commentary"), false);
    assert.equal(await page.isVisible("main table"), true);
    await picture(page, "council-briefing-print");
    await page.emulateMedia({ media: "screen" });
  });
  await check("what leaves is looked at, refused, taken back and approved, by keyboard alone", async () => {
    await page.goto(address + PAGES.leaving);
    await tabTo(page, 'main a[href="/leaving/browsed"]');
    await page.keyboard.press("Enter");
    await page.waitForURL(`${address}/leaving/browsed`);
    await tabTo(page, "button.govuk-button--warning", 200);
    await page.keyboard.press("Enter");
    await page.waitForURL(/done=refused/);
    await accessible(page, "round refused");
    await tabTo(page, "button.govuk-button--secondary", 200);
    await page.keyboard.press("Enter");
    await page.waitForURL(/done=taken-back/);
    const stale = await context.newPage();
    await stale.goto(`${address}/leaving/browsed`);
    await tabTo(page, "#passphrase", 200);
    await page.keyboard.type(PASSPHRASE);
    await page.keyboard.press("Enter");
    await page.waitForURL(/done=approved/);
    assert.match(await page.textContent("#approvals"), /1 of 2/);
    await accessible(page, "round approved");
    await stale.fill("#passphrase", PASSPHRASE);
    await stale.click("form:has(#passphrase) button");
    await stale.waitForURL(/done=approved/);
    assert.match(await stale.textContent("#approvals"), /1 of 2/);
    await page.goBack();
    assert.equal(await page.inputValue("#passphrase"), "");
  });
  await check("pages keep their meaning in forced colours and reduced motion", async () => {
    await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
    await page.goto(`${address}/leaving/browsed`);
    await accessible(page, "forced colours");
    await picture(page, "council-round-forced-colours");
    await page.emulateMedia({ forcedColors: "none" });
  });
  await checkSigningOut(context, page, address);
});

await withBrowser(address, async (context) => {
  await check("without scripts every page reads, and choosing works", async () => {
    const page = await signIn(context, address, { name: "mary", password: PASSWORD });
    for (const path of Object.values(PAGES)) {
      await page.goto(address + path);
      assert.ok(await page.isVisible("main h1"), path);
      assert.equal(await page.isVisible("figure"), false, path);
    }
    await page.goto(address + PAGES.metric);
    await page.selectOption("#breakdown", "service");
    await page.click("main form button");
    assert.match(await page.textContent(".govuk-body-l"), /by service/);
    await picture(page, "council-without-scripts");
  });
}, { javaScriptEnabled: false });

await withBrowser(address, async (context) => {
  await check("an error of the node is a page that says so, and nothing of what went wrong inside", async () => {
    const page = await signIn(context, address, { name: "mary", password: PASSWORD });
    writeFileSync(ledger, ""); // cut off: what was released is not known
    const answer = await page.goto(address + PAGES.ledger);
    assert.equal(answer.status(), 500);
    assert.equal(await page.textContent("h1"), "Something went wrong here");
    assert.match(await page.textContent("main"), /the node's log says why/);
    assert.doesNotMatch(await page.content(), /ledger\.db|sqlite/i);
    await accessible(page, "an error of the node");
    await page.setViewportSize({ width: 320, height: 640 });
    await fits(page, "an error of the node");
    await picture(page, "council-failing-320");
  });
});

await withBrowser(empty, async (context) => {
  await check("a council without data sees why, on every page", async () => {
    const page = await signIn(context, empty, { name: "mary", password: PASSWORD });
    for (const path of ["/", "/leaving", "/ledger", "/data", "/metrics", "/metrics/16", "/caseload", "/briefing"]) {
      await page.goto(empty + path);
      await accessible(page, `empty ${path}`);
      await fits(page, `empty ${path}`);
    }
    await page.goto(`${empty}/`);
    assert.match(await page.textContent("main"), /not available/);
    await picture(page, "council-empty");
  });
});
