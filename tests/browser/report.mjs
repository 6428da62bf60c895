// Opens report.html in a browser and uses it as people do.
//
//   node report.mjs FILE.html EXPECTED.json [SCREENSHOT-DIRECTORY]
//
// EXPECTED.json may name `lang`, `findings` (how many rows), `search` (a text that some rows contain, not all) and
// `title` (a part of the title). CHROMIUM names the browser; the default is /usr/bin/chromium.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [file, expectedFile, screenshots] = process.argv.slice(2);
if (!file || !expectedFile) {
  console.error("usage: node report.mjs FILE.html EXPECTED.json [SCREENSHOT-DIRECTORY]");
  process.exit(2);
}
const expected = JSON.parse(await readFile(expectedFile, "utf8"));
const address = pathToFileURL(resolve(file)).href;
const profile = await mkdtemp(join(tmpdir(), "sonae-browser-"));
const problems = [];
const check = (holds, message) => {
  if (!holds) problems.push(message);
};

const options = {
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  headless: true,
  viewport: { width: 1440, height: 900 },
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

// A page that reports every complaint of the browser and every request but the one for the file.
const watch = (page, name) => {
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(`${name}: console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`${name}: script: ${error.message}`));
  page.on("dialog", (dialog) => {
    problems.push(`${name}: a name ran as a script: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => {
    const url = request.url().split("#")[0];
    if (url !== address && !url.startsWith("data:")) problems.push(`${name}: request: ${request.url()}`);
  });
};

const context = await chromium.launchPersistentContext(profile, options);
try {
  const page = await context.newPage();
  watch(page, "page");
  const shot = async (name, more = {}) => {
    if (screenshots) await page.screenshot({ path: join(screenshots, `${name}.png`), ...more });
  };
  const matching = (section) => page.locator(`#${section} [data-row]:not(.out)`).count();
  const visible = (section) => page.locator(`#${section} [data-row]:visible`).count();
  const settle = () => page.waitForTimeout(250);

  const started = Date.now();
  await page.goto(address);
  await page.waitForSelector("html.js.ready", { timeout: 20_000 });
  const took = Date.now() - started;
  check(took < 10_000, `the page took ${took} ms`);
  await shot("light");

  // What it is
  const lang = await page.getAttribute("html", "lang");
  if (expected.lang) check(lang === expected.lang, `lang is ${lang}, not ${expected.lang}`);
  if (expected.title) check((await page.title()).includes(expected.title), `the title is ${await page.title()}`);
  const ids = await page.$$eval("[id]", (elements) => elements.map((element) => element.id));
  check(new Set(ids).size === ids.length, "an id occurs twice");
  const broken = await page.$$eval('a[href^="#"]', (links) =>
    links.map((link) => link.getAttribute("href")).filter((href) => !document.getElementById(href.slice(1))),
  );
  check(broken.length === 0, `links lead nowhere: ${broken.slice(0, 3)}`);

  const total = await page.locator("#findings [data-row]").count();
  if (expected.findings !== undefined) {
    check(total === expected.findings, `${total} findings, not ${expected.findings}`);
  }

  if (total > 0) {
    check((await visible("findings")) === Math.min(total, 100), "a hundred findings, or all, are shown at first");

    // Filters
    const chip = page.locator('#findings [data-filter="status"]').first();
    const status = await chip.getAttribute("value");
    const ofStatus = await page.locator(`#findings [data-row][data-status="${status}"]`).count();
    await page.locator("#findings .chip").first().click();
    await settle();
    check((await matching("findings")) === ofStatus, `the filter ${status} leaves ${await matching("findings")} rows`);
    const statuses = await page.locator("#findings [data-filter='status']").count();
    check(statuses < 2 || ofStatus < total, "the filter leaves fewer rows");
    check(page.url().includes(`#findings?status=${status}`), `the address keeps the filter: ${page.url().slice(-80)}`);
    await shot("filtered");

    // The address alone brings the state back
    const again = await context.newPage();
    watch(again, "again");
    await again.goto(page.url());
    await again.waitForSelector("html.ready");
    const restored = await again.locator("#findings [data-row]:not(.out)").count();
    check(restored === ofStatus, `the address restores ${restored} rows, not ${ofStatus}`);
    await again.close();

    await page.click("#findings [data-clear]");
    check((await matching("findings")) === total, "clearing brings all rows back");

    // Search
    if (expected.search) {
      await page.fill("#findings [data-search]", expected.search);
      await settle();
      const found = await matching("findings");
      check(found > 0 && found < total, `searching ${expected.search} leaves ${found} of ${total}`);
      await shot("searched");
    }
    await page.fill("#findings [data-search]", "no such thing 4711");
    await settle();
    check((await matching("findings")) === 0, "a senseless search finds nothing");
    check(await page.locator("#findings [data-none]").isVisible(), "the page says that nothing matches");
    await page.fill("#findings [data-search]", "");
    await settle();

    // Order
    const names = () => page.$$eval("#findings .c-resource .name", (cells) => cells.map((cell) => cell.textContent));
    await page.click('#findings th[data-sort="resource"] button');
    await settle();
    const ascending = await names();
    const sorted = await page.evaluate(
      (list) => [...list].sort(new Intl.Collator(document.documentElement.lang, { numeric: true }).compare),
      ascending,
    );
    check((await page.getAttribute('#findings th[data-sort="resource"]', "aria-sort")) === "ascending", "aria-sort");
    await page.click('#findings th[data-sort="resource"] button');
    await settle();
    const descending = await names();
    const same = (a, b) => a[0]?.localeCompare(b[0], lang) === 0;
    check(same(ascending, sorted), "rows are in ascending order");
    check(total < 2 || new Set(ascending).size < 2 || !same(ascending, descending), "rows are in descending order");
    await page.click('#findings th[data-sort="resource"] button');

    // A row unfolds by keyboard, and shows how to mend it
    const row = page.locator("#findings [data-row]:visible").first();
    await row.locator("button.fold").focus();
    await page.keyboard.press("Enter");
    check(await row.locator("tr.detail").isVisible(), "Enter unfolds a row");
    check((await row.locator("[data-fix] [data-steps]").count()) === 1, "an unfolded row shows the remediation");
    await row.scrollIntoViewIfNeeded();
    await shot("unfolded");
    await page.keyboard.press("Enter");
    check(!(await row.locator("tr.detail").isVisible()), "Enter folds it again");

    // From a line of the checklist to its findings, to the remediation, and back
    const item = page
      .locator("#checklist [data-row]:visible")
      .filter({ has: page.locator("a[data-item]") })
      .first();
    const no = await item.locator("a[data-item]").getAttribute("data-item");
    const behind = await page.$$eval(
      "#findings [data-row]",
      (rows, wanted) => rows.filter((candidate) => candidate.dataset.item.split(" ").includes(wanted)).length,
      no,
    );
    await item.locator("button.fold").click();
    await settle();
    await shot("checklist");
    await item.locator("a[data-item]").click();
    await settle();
    check((await matching("findings")) === behind, `line ${no} leads to ${await matching("findings")} of ${behind}`);
    const finding = page.locator("#findings [data-row]:visible").first();
    if (!(await finding.locator("tr.detail").isVisible())) await finding.locator("button.fold").click();
    await finding.locator('[data-fix] > .links a[href^="#r-"]').click();
    await settle();
    const rule = page.locator("details.rule[open]").first();
    check(await rule.isVisible(), "the finding's link opens its remediation");
    await shot("remediation");
    await rule.locator('a[href^="#c-"]').first().click();
    await settle();
    check((await page.locator("#checklist tbody.open").count()) > 0, "the remediation leads back to the checklist");
    const top = await page.locator(page.url().replace(/^.*#/, "#")).boundingBox();
    check(top && top.y >= 40 && top.y < 860, `the target is in sight: ${JSON.stringify(top)}`);
    await page.goBack();
    await page.goBack();
    await settle();
    check((await matching("findings")) === behind, "going back brings the filter back");
  }

  // Colours
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.selectOption("#theme", "dark");
  const dark = await ground();
  check(light !== dark, "the switch changes the colours");
  await page.evaluate(() => {
    history.replaceState(null, "", location.pathname);
    scrollTo(0, 0);
  });
  await page.goto("about:blank");
  await page.goto(address);
  await page.waitForSelector("html.ready");
  check((await ground()) === dark, "the choice of colours is kept");
  await shot("dark");
  await shot("dark-full", { fullPage: true });
  await page.selectOption("#theme", "");
  await page.emulateMedia({ colorScheme: "dark" });
  check((await ground()) === dark, "the page follows the system's colours");
  await page.emulateMedia({ colorScheme: "light" });
  await shot("light-full", { fullPage: true });

  // Phone
  await page.setViewportSize({ width: 390, height: 844 });
  await settle();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  check(overflow <= 0, `the page is ${overflow} px too wide for a phone`);
  await shot("phone");
  await shot("phone-full", { fullPage: true });
  await page.setViewportSize({ width: 1440, height: 900 });

  // Paper
  if (screenshots && total < 1_000) await page.pdf({ path: join(screenshots, "print.pdf"), preferCSSPageSize: true });
  await page.emulateMedia({ media: "print" });
  const folded = await page
    .locator("#findings tr.detail")
    .evaluateAll((rows) => rows.filter((row) => getComputedStyle(row).display === "none").length);
  check(folded === 0, `${folded} findings are folded on paper`);
  check(!(await page.locator("header.top").isVisible()), "controls are not printed");
  await page.emulateMedia({ media: "screen" });

  // Without scripts everything is there
  const quiet = await context.browser()?.newContext({ javaScriptEnabled: false });
  const plain = quiet && (await quiet.newPage());
  if (plain) {
    watch(plain, "without scripts");
    await plain.goto(address);
    check((await plain.locator("#findings tr.detail").count()) === total, "all findings are there");
    if (total > 0) check(await plain.locator("#findings tr.detail").last().isVisible(), "details are readable");
    check(!(await plain.locator("#findings .tools").isVisible()), "no dead controls");
    if (screenshots && total < 1_000) {
      await plain.screenshot({ path: join(screenshots, "without-scripts.png"), fullPage: true });
    }
    await quiet.close();
  } else {
    problems.push("the browser opens no second context");
  }
  console.log(`opened in ${took} ms, ${total} findings`);
} catch (error) {
  problems.push(error.message);
} finally {
  await context.close();
  await rm(profile, { recursive: true, force: true });
}

if (problems.length) {
  console.error(`${file}:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
  process.exit(1);
}
console.log(`${file}: ok`);
