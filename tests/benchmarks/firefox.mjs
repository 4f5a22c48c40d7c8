/* A built site in Firefox: pages, search, leaving and Back, saving, reading and leaving offline, from each address of the
   site and some that do not exist, forgetting, also while another tab saves; over http and by file://.

    apt-get install firefox-esr; npm install --prefix /tmp/ff puppeteer-core
    cp tests/benchmarks/firefox.mjs /tmp/ff/; node /tmp/ff/firefox.mjs SITE [/usr/bin/firefox-esr]

Prints every fault; exit code 1 if there is one. tests/long/test_firefox.py runs it, with Puppeteer, because Playwright
drives only its own Firefox. Firefox matters for leaving: each page that it keeps for Back has its own tab name.

2026-11-26, Firefox 153.7.0 ESR, HELP: nothing amiss; left offline from 376 of 376 addresses. Before pages held a lock,
Back after leaving showed the site. */
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import puppeteer from "puppeteer-core";

const site = path.resolve(process.argv[2] || "site");
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml", ".css": "text/css" };
const PAGES = ["tet/index.html", "en/services.html", "en/press.html", "en/signs.html", "en/index.html"];
const sleep = (time) => new Promise((done) => setTimeout(done, time));
const PATIENCE = 120_000;

// Waits until an expression holds in a page, which may go to another one meanwhile.
async function until(page, isSo, ...values) {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await sleep(100)) {
    try {
      if (await page.evaluate(isSo, ...values)) return true;
    } catch (error) {}
  }
  return false;
}

const isLeft = () => location.pathname.includes("/w/");
// The address of a page of the site that is seen. While the neutral page cleans the history, one is hidden. Between two
// pages Firefox is at about:blank.
const shown = (start) =>
  !location.href.startsWith(start) || location.pathname.includes("/w/") || document.documentElement.hidden ? "" : location.href;
// The script for “Forget”, fetched after the first paint, has come.
const canForget = () => performance.getEntriesByType("resource").some((each) => /deferred/.test(each.name) && each.responseEnd);
const isSaved = () => document.querySelector(".offline-copy-state").textContent.startsWith("Rai ona iha");

const amiss = [];

let isUp = true, isSlow = false;
const server = http.createServer(async (request, response) => {
  if (isSlow) await sleep(300);
  if (!isUp) return request.socket.destroy();
  const file = path.join(site, decodeURIComponent(request.url.split("?")[0]));
  if (!fs.existsSync(file)) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": TYPES[path.extname(file)] || "application/octet-stream" });
  response.end(fs.readFileSync(file));
}).listen(0);
const start = `http://127.0.0.1:${server.address().port}/`;

function expect(isSo, what) {
  if (isSo) return;
  amiss.push(what);
  console.log(what);
}

async function newPage(browser) {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  return page;
}

async function tab(browser) {
  const page = await newPage(browser);
  await page.setViewport({ width: 360, height: 740 });
  page.on("console", (each) => expect(!["error", "warn"].includes(each.type()), `${page.url()} ${each.text()}`));
  page.on("pageerror", (each) => expect(false, `${page.url()} ${each}`));
  return page;
}

// The button is hidden until a script, fetched after the first paint, has found that it works here.
async function beginSaving(page) {
  await (await page.waitForSelector(".offline-copy button", { visible: true })).click();
}

async function walk(browser, start) {
  const page = await tab(browser);
  for (const each of PAGES) await page.goto(start + each);
  await page.focus("form.search input");
  await page.type("form.search input", "help");
  expect(await until(page, () => !!document.querySelector(".found a")), `${start}: nothing found`);
  await page.goto(start + PAGES[0]);
  for (let press = 0; press < 3; press++) {
    await page.keyboard.press("Shift");
    await sleep(100);
  }
  expect(await until(page, isLeft), `${start}: Shift doesn't leave`);
  for (let back = 0; back <= PAGES.length; back++) {
    const at = await page.evaluate(shown, start);
    expect(!at, `${start}: ${at} shown after ${back} times Back`);
    await page.evaluate(() => { setTimeout(() => history.back()); });
    await sleep(1000);
  }
  await page.close();
}

async function save(browser, start) {
  const page = await tab(browser);
  await page.goto(start + "tet/safety.html");
  await beginSaving(page);
  expect(await until(page, isSaved), "nothing is saved");
  isUp = false;
  await page.goto(start + "tet/signs.html");
  expect((await page.evaluate(() => document.querySelector("h1").textContent)).length, "nothing is read offline");
  // Firefox reports an error, without an address, if leaving cuts off the body of a saved response.
  page.removeAllListeners("pageerror").removeAllListeners("console");
  await page.evaluate(() => document.querySelector(".row .leave").click());
  expect(await until(page, isLeft), "no leaving offline");
  isUp = true;
  await page.close();
  const again = await tab(browser);
  await again.goto(start + "tet/safety.html");
  await until(again, canForget);
  await again.evaluate(() => document.querySelector("a.forget").click());
  await until(again, () => !document.querySelector(".told").hidden);
  const left = await again.evaluate(async () =>
    [...(await caches.keys()), ...(await navigator.serviceWorker.getRegistrations()), ...(await indexedDB.databases())].length);
  expect(left === 0, `${left} things left after forgetting`);
}

async function leaveFromEverywhere(browser, start) {
  // No look at its console: it leaves pages before all of their files have come.
  const page = await newPage(browser);
  await page.goto(start + "tet/safety.html");
  await beginSaving(page);
  expect(await until(page, isSaved), "nothing is saved");
  const all = fs.readdirSync(site, { recursive: true }).filter((each) => each.endsWith(".html") && !each.startsWith("w/"));
  const others = ["en/for-partners/", "x", "en/x/y/z.html?from=x#y", "files/x.pdf", "en/%E0%A4%A"];
  isUp = false;
  let left = 0;
  await page.close();
  for (const each of [...all, ...others]) {
    // A tab of its own: after leaving, the neutral page still cleans the history of the one before.
    const page = await newPage(browser);
    await page.goto(start + each, { waitUntil: "domcontentloaded" });
    // The site's root leads on by itself.
    if (each === "index.html") await sleep(1000);
    await page.evaluate(() => { setTimeout(() => document.querySelector(".row .leave").click()); });
    if (await until(page, isLeft)) left++;
    else expect(false, `no leaving offline from ${each}: ${page.url()}`);
    await page.close();
  }
  isUp = true;
  console.log(`left offline from ${left} of ${all.length + others.length} addresses`);
}

async function forgetElsewhere(browser, start) {
  const page = await tab(browser), other = await tab(browser);
  await other.goto(start + "en/signs.html");
  await page.bringToFront();
  await page.goto(start + "tet/safety.html");
  await until(page, canForget);
  await page.evaluate(() => document.querySelector("a.forget").click());
  await sleep(3000);
  await page.reload();
  await sleep(1000);
  isSlow = true;
  await beginSaving(page);
  await sleep(1500);
  await other.bringToFront();
  await other.evaluate(() => document.querySelector("a.forget").click());
  await sleep(8000);
  isSlow = false;
  const said = await other.evaluate(() => document.querySelector(".told").textContent);
  expect(said.includes("may still keep"), `said after forgetting, on a host without our headers: ${said}`);
  const kept = await other.evaluate(async () =>
    [...(await caches.keys()), ...(await navigator.serviceWorker.getRegistrations())].length);
  expect(kept === 0, `${kept} things left after forgetting while another tab saved`);
  await page.close();
  await other.close();
}

async function leaveWhileItSaves(browser, start) {
  const page = await newPage(browser), other = await tab(browser);
  await other.goto(start + "en/signs.html");
  await page.bringToFront();
  await page.goto(start + "tet/safety.html");
  await sleep(1000);
  isSlow = true;
  await beginSaving(page);
  await sleep(1500);
  const before = await other.evaluate(async () => (await caches.keys()).length);
  expect(before > 1, "nothing is saved before leaving");
  await page.evaluate(() => { setTimeout(() => document.querySelector(".row .leave").click()); });
  await sleep(3000);
  isSlow = false;
  const kept = await other.evaluate(async () =>
    [...(await caches.keys()), ...(await navigator.serviceWorker.getRegistrations())].length);
  expect(kept === 0, `${kept} things left after leaving in the middle of a save`);
  await page.close();
  await other.close();
}

const browser = await puppeteer.launch({
  browser: "firefox", executablePath: process.argv[3] || "/usr/bin/firefox-esr", headless: true, protocol: "webDriverBiDi",
  timeout: PATIENCE, protocolTimeout: 2 * PATIENCE,
});
await walk(browser, start);
await walk(browser, `file://${site}/`);
await save(browser, start);
await leaveFromEverywhere(browser, start);
await forgetElsewhere(browser, start);
await leaveWhileItSaves(browser, start);
await browser.close();
server.close();
console.log(`${amiss.length} amiss`);
process.exit(amiss.length ? 1 : 0);
