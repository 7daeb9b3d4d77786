// The page in a browser when things are not as they should be: hostile words, silence, lost connections, tokens.
import assert from "node:assert/strict";
import { test } from "node:test";
import { link_is, options, rows, text, with_page } from "./browser.mjs";

test("a hostile text is a text, wherever it stands", options, async () => {
  const evil = `<img src=x onerror="window.hacked=1"><script>window.hacked=2</script>"'&{{7*7}}`;
  const alter = (told) => {
    told.session.data_note = told.account.halt_reason = evil;
    told.account.halted = true;
    told.actors[0].last_error = told.actors[1].name = told.actors[9].symbol = evil;
    told.ranking[0].symbol = told.positions[0].symbol = told.learners[0].symbol = evil;
    told.counters[evil] = 7;
    return told;
  };
  await with_page({ server: { alter, name: evil } }, async (page, server) => {
    server.say({ type: "event", instance: server.instance, at: server.session.rounds[80].at, kind: "fault", symbol: evil, actor: evil, text: evil });
    server.say({ type: "event", instance: server.instance, at: server.session.rounds[80].at, kind: "fault", symbol: "__proto__", text: "second" });
    await page.waitForFunction(() => document.querySelector("#events li .text").textContent === "second");
    assert.equal(await text(page, "#events li:nth-child(2) .text"), evil);
    assert.equal(await text(page, "#note"), evil);
    assert.ok((await text(page, "#alarm")).includes(evil));
    assert.ok((await rows(page, "#ranking")).some((row) => row[1] === evil));
    assert.equal(await page.evaluate(() => window.hacked), undefined);
    assert.equal(await page.locator("img, script:not(body > script)").count(), 0);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  });
});

test("nonsense from the hub is counted and left out; the page goes on", options, () =>
  with_page({}, async (page, server) => {
    for (const message of [7, null, [], {}, { type: "snapshots" }, { type: "__proto__" }]) server.say(message);
    server.say({ type: "snapshot", instance: server.instance });
    server.say({ type: "snapshot", instance: server.instance, at: 1e300, session: { venue_time: 1e300, open: -1e300, date: 5 }, account: { equity: 1e300 }, positions: [{}, {}], ranking: [{}], actors: [{}, {}], learners: [{}], counters: { a: 1e300 } });
    server.say({ type: "history", instance: server.instance, equity: [[1], ["a", 2], [3, 4]], prices: { A: 5 }, marks: [{ t: 1 }], events: [{ at: -5 }, { at: 1e300 }] });
    await page.waitForFunction(() => document.querySelector("#refused").textContent.startsWith("6 messages"));
    await link_is(page, "live");
  }));

test("figures without news for 5 s are greyed, and come back", options, () =>
  with_page({}, async (page, server) => {
    await link_is(page, "live");
    server.pause(true);
    await link_is(page, "no news for");
    assert.equal(await page.evaluate(() => document.body.classList.contains("old")), true);
    server.pause(false);
    await link_is(page, "live");
    assert.equal(await page.evaluate(() => document.body.classList.contains("old")), false);
  }));

test("a dropped connection is said plainly, tried again, and mended", options, () =>
  with_page({ errors: true }, async (page, server) => {
    await link_is(page, "live");
    const symbol = "UPRO";
    await page.click(`#price-symbols button:text-is('${symbol}')`);
    server.refuse(true);
    server.drop();
    await link_is(page, "not connected since ");
    assert.match(await text(page, "#link"), /^not connected since \d\d:\d\d:\d\d, trying again in \d+\ss$/);
    assert.equal(await page.evaluate(() => document.body.classList.contains("old")), true);
    assert.equal((await rows(page, "#ranking")).length, 6); // the old figures stay, greyed
    await page.waitForTimeout(1500); // an attempt that fails
    server.refuse(false);
    await link_is(page, "live", 20_000);
    assert.match(await text(page, "#price-read"), /^UPRO/); // what was chosen is still chosen
  }));

test("a hub that asks for its token gets it from the address, or from the person", options, async () => {
  const token = "abcdefgh_12345678";
  await with_page({ server: { token }, ready: false }, async (page, server) => {
    await page.waitForSelector("#token:not([hidden])");
    await page.fill("#token-text", "wrong_wrong_wrong_wrong");
    await page.press("#token-text", "Enter");
    await page.waitForTimeout(300);
    assert.match(await text(page, "#link"), /asks for its token/);
    await page.fill("#token-text", token);
    await page.press("#token-text", "Enter");
    await link_is(page, "live");
    assert.equal(await page.locator("#token").isVisible(), false);
    const other = await page.context().newPage();
    await other.goto(`${server.address}/#token=${token}`);
    await link_is(other, "live");
    assert.ok(!other.url().includes(token));
  });
});
