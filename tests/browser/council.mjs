// A council's pages: node council.mjs ADDRESS EMPTY. EMPTY: those of a council without a whole quarter of data.
import assert from "node:assert/strict";

import { accessible, check, fits, picture, tabTo, withBrowser } from "./browser.mjs";

const [address, empty] = process.argv.slice(2);
const PASSWORD = "a quiet garden", PASSPHRASE = "five green bottles";
const PAGES = { "difference": "/", "leaving": "/leaving", "ledger": "/ledger", "data": "/data", "metrics": "/metrics",
  "metric": "/metrics/16", "service": "/metrics/16?period=2022-23&breakdown=service", "journeys": "/metrics/31", "distance": "/metrics/27",
  "caseload": "/caseload", "briefing": "/briefing", "questionnaires": "/questionnaires",
  "questionnaire": "/questionnaires/system_guide", "unknown": "/metrics/190", "refused": "/metrics/16?period=soon" };

async function signIn(context, at, name) {
  const page = await context.newPage();
  await page.goto(`${at}/sign-in`);
  await page.fill("#name", name);
  await page.fill("#password", PASSWORD);
  await page.click("main button");
  await page.waitForURL(`${at}/`);
  return page;
}

await withBrowser(address, async (context) => {
  const page = await context.newPage();
  await check("signing in with a wrong password says so, and then with the right one comes back", async () => {
    await page.goto(`${address}/caseload`);
    await accessible(page, "sign-in");
    await page.fill("#name", "ig");
    await page.fill("#password", "not this password");
    await page.click("main button");
    assert.match(await page.textContent(".govuk-error-summary"), /do not go together/);
    await accessible(page, "sign-in with an error");
    await picture(page, "council-sign-in-error");
    await page.fill("#password", PASSWORD);
    await page.click("main button");
    await page.waitForURL(`${address}/caseload`);
  });
  for (const [name, path] of Object.entries(PAGES)) {
    await check(`${name} is accessible`, async () => {
      await page.goto(address + path);
      await accessible(page, name);
      await fits(page, name);
      await picture(page, `council-${name}`);
    });
  }
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
    await accessible(page, "round");
    await fits(page, "round");
    await picture(page, "council-round");
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
  await check("pages fit 320 pixels, and 200% zoom", async () => {
    for (const [width, height] of [[320, 640], [640, 450]]) {
      await page.setViewportSize({ width, height });
      for (const [name, path] of Object.entries({ ...PAGES, round: "/leaving/browsed" })) {
        await page.goto(address + path);
        await fits(page, `${name} at ${width}`);
        await accessible(page, `${name} at ${width}`);
        await picture(page, `council-${name}-${width}`);
      }
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  });
  await check("pages keep their meaning in forced colours and reduced motion", async () => {
    await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
    await page.goto(`${address}/leaving/browsed`);
    await accessible(page, "forced colours");
    await picture(page, "council-round-forced-colours");
    await page.emulateMedia({ forcedColors: "none" });
  });
  await check("signing out ends the session in every tab, and going back shows nothing", async () => {
    const other = await context.newPage();
    await other.goto(`${address}/`);
    await page.goto(`${address}/`);
    await page.click(".waymark-sign-out button");
    await page.waitForURL(/sign-in/);
    await other.reload();
    assert.match(other.url(), /sign-in/);
    await page.goBack();
    assert.match(page.url(), /sign-in/);
  });
});

await withBrowser(address, async (context) => {
  await check("without scripts every page reads, and choosing works", async () => {
    const page = await signIn(context, address, "mary");
    await page.goto(address + PAGES.metric);
    assert.equal(await page.isVisible("figure"), false);
    await page.selectOption("#breakdown", "service");
    await page.click("main form button");
    assert.match(await page.textContent(".govuk-body-l"), /by service/);
    await accessible(page, "without scripts");
  });
}, { javaScriptEnabled: false });

await withBrowser(empty, async (context) => {
  await check("a council without data sees why, on every page", async () => {
    const page = await signIn(context, empty, "mary");
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
