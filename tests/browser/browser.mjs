// Chromium for the scripts beside this: started with nothing of a user's, and closed whatever happens.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const { AxeBuilder } = require("@axe-core/playwright");

const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// Runs `work` with a context of the browser; what a page logs as an error, or asks of elsewhere, is a failure.
export async function withBrowser(address, work, options = {}) {
  const profile = mkdtempSync(join(tmpdir(), "waymark-browser-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.WAYMARK_CHROMIUM ?? "/usr/bin/chromium", args: FLAGS, headless: true, acceptDownloads: true,
    viewport: { width: 1280, height: 900 }, ...options });
  const troubles = [];
  context.on("request", (request) => {
    if (!request.url().startsWith(address) && !/^(data|blob):/.test(request.url())) troubles.push(`asked of ${request.url()}`);
  });
  context.on("weberror", (error) => troubles.push(String(error.error())));
  context.on("console", (message) => {
    if (message.type() === "error" && !/status of (4|5)\d\d/.test(message.text())) troubles.push(message.text());
  });
  try {
    await work(context);
    assert.deepEqual(troubles, []);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

// Fills in the sign-in page that is open: `fields` by their ids.
export async function fillIn(page, fields) {
  for (const [id, value] of Object.entries(fields)) await page.fill(`#${id}`, value);
  await page.click("main button");
}

export async function signIn(context, address, fields) {
  const page = await context.newPage();
  await page.goto(`${address}/sign-in`);
  await fillIn(page, fields);
  await page.waitForURL(`${address}/`);
  return page;
}

// No violation of WCAG 2.2 AA, as far as a program can tell. Needs scripts. No page of ours has a frame, so there is no need of
// the blank page that axe would open to join what it found in several.
export async function accessible(page, name) {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(RULES).analyze();
  assert.deepEqual(violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(" ").slice(0, 500)}`), [], name);
}

// The page itself never scrolls sideways. Charts are drawn anew in the frame after a change of width.
export async function fits(page, name) {
  const [wide, shown] = await page.evaluate(async () => {
    for (let i = 0; i < 2; ++i) await new Promise(requestAnimationFrame);
    return [document.documentElement.scrollWidth, document.documentElement.clientWidth];
  });
  assert.ok(wide <= shown, `${name}: ${wide} pixels wide in ${shown}`);
}

export async function picture(page, name) {
  const folder = process.env.WAYMARK_SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

// Each page, loaded once: axe at full width, and that it fits there, at 200% zoom and at 320 pixels. `narrow`: the names of those
// that axe looks at there too.
export async function checkPages(page, address, pages, { narrow = [], prefix = "" } = {}) {
  for (const [name, path] of Object.entries(pages)) {
    await check(`${name} is accessible, and fits 320 pixels and 200% zoom`, async () => {
      await page.goto(address + path);
      await accessible(page, name);
      for (const [width, height] of [[1280, 900], [640, 450], [320, 640]]) {
        await page.setViewportSize({ width, height });
        await fits(page, `${name} at ${width}`);
        await picture(page, `${prefix}${name}${width === 1280 ? "" : `-${width}`}`);
      }
      if (narrow.includes(name)) await accessible(page, `${name} at 320`);
      await page.setViewportSize({ width: 1280, height: 900 });
    });
  }
}

export async function checkSigningOut(context, page, address) {
  await check("signing out ends the session in every tab, and going back shows nothing", async () => {
    const other = await context.newPage();
    await other.goto(`${address}/`);
    await page.goto(`${address}/`);
    await page.click(".waymark-sign-out button");
    await page.waitForURL(`${address}/sign-in`);
    await other.reload();
    assert.match(other.url(), /sign-in/);
    await page.goBack();
    assert.match(page.url(), /sign-in/);
  });
}

let count = 0;
export async function check(name, work) {
  try {
    await work();
  } catch (error) {
    console.error(`FAILED: ${name}`);
    throw error;
  }
  console.log(`ok ${++count}: ${name}`);
}

// Moves by the Tab key until the element that `selector` means has the focus.
export async function tabTo(page, selector, most = 80) {
  for (let i = 0; i < most; ++i) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
  }
  assert.fail(`the Tab key does not come to ${selector}`);
}
