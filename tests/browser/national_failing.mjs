// The national pages of a coordinator whose store fails: node national_failing.mjs ADDRESS TOKEN
import assert from "node:assert/strict";

import { checkPages, check, signIn, withBrowser } from "./browser.mjs";

const [address, token] = process.argv.slice(2);

await withBrowser(address, async (context) => {
  const page = await signIn(context, address, { token });
  await checkPages(page, address, { failing: "/metrics/19" }, { narrow: ["failing"] });
  await check("an error of the server is a page that says so, and nothing of what went wrong inside", async () => {
    const answer = await page.goto(`${address}/metrics/19`);
    assert.equal(answer.status(), 500);
    assert.equal(await page.textContent("h1"), "Something went wrong here");
    assert.match(await page.textContent("main"), /the coordinator's log says why/);
    assert.doesNotMatch(await page.content(), /withdrawals|sqlite|SELECT/i);
    assert.equal(await page.isVisible(".waymark-sign-out button"), true);
  });
});
