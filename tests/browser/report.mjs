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
  // The page answers in its own time, which on a busy machine is longer: what is to become true is asked for again.
  const becomes = async (holds, message) => {
    const until = Date.now() + 15_000;
    while (!(await holds())) {
      if (Date.now() > until) {
        problems.push(typeof message === "function" ? await message() : message);
        return;
      }
      await page.waitForTimeout(50);
    }
  };

  const started = Date.now();
  await page.goto(address);
  await page.waitForSelector("html.js.ready", { timeout: 20_000 });
  const took = Date.now() - started;
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
    await becomes(
      async () => (await matching("findings")) === ofStatus,
      async () => `the filter ${status} leaves ${await matching("findings")} rows, not ${ofStatus}`,
    );
    const statuses = await page.locator("#findings [data-filter='status']").count();
    check(statuses < 2 || ofStatus < total, "the filter leaves fewer rows");
    await becomes(
      () => page.url().includes(`#findings?status=${status}`),
      () => `the address keeps the filter: ${page.url().slice(-80)}`,
    );
    await shot("filtered");

    // The address alone brings the state back
    const again = await context.newPage();
    watch(again, "again");
    await again.goto(page.url());
    await again.waitForSelector("html.ready");
    const restored = () => again.locator("#findings [data-row]:not(.out)").count();
    await becomes(
      async () => (await restored()) === ofStatus,
      async () => `the address restores ${await restored()} rows, not ${ofStatus}`,
    );
    await again.close();

    await page.click("#findings [data-clear]");
    await becomes(async () => (await matching("findings")) === total, "clearing brings all rows back");

    // Search
    if (expected.search) {
      await page.fill("#findings [data-search]", expected.search);
      await becomes(
        async () => {
          const found = await matching("findings");
          return found > 0 && found < total;
        },
        async () => `searching ${expected.search} leaves ${await matching("findings")} of ${total}`,
      );
      await shot("searched");
    }
    await page.fill("#findings [data-search]", "no such thing 4711");
    await becomes(async () => (await matching("findings")) === 0, "a senseless search finds nothing");
    await becomes(() => page.locator("#findings [data-none]").isVisible(), "the page says that nothing matches");
    await page.fill("#findings [data-search]", "");
    await becomes(async () => (await matching("findings")) === total, "an empty search finds everything");

    // Order
    const names = () => page.$$eval("#findings .c-resource .name", (cells) => cells.map((cell) => cell.textContent));
    const ordered = (order) =>
      becomes(
        async () => (await page.getAttribute('#findings th[data-sort="resource"]', "aria-sort")) === order,
        `the column says that it is ${order}`,
      );
    await page.click('#findings th[data-sort="resource"] button');
    await ordered("ascending");
    const ascending = await names();
    const sorted = await page.evaluate(
      (list) => [...list].sort(new Intl.Collator(document.documentElement.lang, { numeric: true }).compare),
      ascending,
    );
    await page.click('#findings th[data-sort="resource"] button');
    await ordered("descending");
    const descending = await names();
    const same = (a, b) => a[0]?.localeCompare(b[0], lang) === 0;
    check(same(ascending, sorted), "rows are in ascending order");
    check(total < 2 || new Set(ascending).size < 2 || !same(ascending, descending), "rows are in descending order");
    await page.click('#findings th[data-sort="resource"] button');

    // A row unfolds by keyboard, and shows how to mend it
    const row = page.locator("#findings [data-row]:visible").first();
    await row.locator("button.fold").focus();
    await page.keyboard.press("Enter");
    await becomes(() => row.locator("tr.detail").isVisible(), "Enter unfolds a row");
    await becomes(
      async () => (await row.locator("[data-fix] [data-steps]").count()) === 1,
      "an unfolded row shows the remediation",
    );
    await row.scrollIntoViewIfNeeded();
    await shot("unfolded");
    await page.keyboard.press("Enter");
    await becomes(async () => !(await row.locator("tr.detail").isVisible()), "Enter folds it again");

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
    await item.locator("a[data-item]").waitFor();
    await shot("checklist");
    await item.locator("a[data-item]").click();
    await becomes(
      async () => (await matching("findings")) === behind,
      async () => `line ${no} leads to ${await matching("findings")} of ${behind}`,
    );
    const finding = page.locator("#findings [data-row]:visible").first();
    if (!(await finding.locator("tr.detail").isVisible())) await finding.locator("button.fold").click();
    await finding.locator('[data-fix] > .links a[href^="#r-"]').click();
    const rule = page.locator("details.rule[open]").first();
    await becomes(() => rule.isVisible(), "the finding's link opens its remediation");
    await shot("remediation");
    await rule.locator('a[href^="#c-"]').first().click();
    await becomes(
      async () => (await page.locator("#checklist tbody.open").count()) > 0,
      "the remediation leads back to the checklist",
    );
    await becomes(() => page.url().includes("#c-"), "the address names the line of the checklist");
    const box = () => page.locator(page.url().replace(/^.*#/, "#")).boundingBox();
    await becomes(
      async () => {
        const top = await box();
        return top && top.y >= 40 && top.y < 860;
      },
      async () => `the target is in sight: ${JSON.stringify(await box())}`,
    );
    await page.goBack();
    await page.goBack();
    await becomes(
      async () => (await matching("findings")) === behind,
      async () => `going back brings the filter back: ${await matching("findings")} rows, not ${behind}`,
    );
  }

  // Colours
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.selectOption("#theme", "dark");
  const dark = await ground();
  check(light !== dark, `the switch changes the colours: ${light}, ${dark}`);
  await page.evaluate(() => {
    history.replaceState(null, "", location.pathname);
    scrollTo(0, 0);
  });
  await page.goto("about:blank");
  await page.goto(address);
  await page.waitForSelector("html.ready");
  await becomes(async () => (await ground()) === dark, "the choice of colours is kept");
  await shot("dark");
  await shot("dark-full", { fullPage: true });
  await page.selectOption("#theme", "");
  await page.emulateMedia({ colorScheme: "dark" });
  await becomes(async () => (await ground()) === dark, "the page follows the system's colours");
  await page.emulateMedia({ colorScheme: "light" });
  await shot("light-full", { fullPage: true });

  // Phone
  await page.setViewportSize({ width: 390, height: 844 });
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  await becomes(
    async () => (await overflow()) <= 0,
    async () => `the page is ${await overflow()} px too wide for a phone`,
  );
  await shot("phone");
  await shot("phone-full", { fullPage: true });
  await page.setViewportSize({ width: 1440, height: 900 });

  // Paper
  if (screenshots && total < 1_000) await page.pdf({ path: join(screenshots, "print.pdf"), preferCSSPageSize: true });
  await page.emulateMedia({ media: "print" });
  const folded = () =>
    page
      .locator("#findings tr.detail")
      .evaluateAll((rows) => rows.filter((row) => getComputedStyle(row).display === "none").length);
  await becomes(
    async () => (await folded()) === 0,
    async () => `${await folded()} findings are folded on paper`,
  );
  await becomes(async () => !(await page.locator("header.top").isVisible()), "controls are not printed");
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
