import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium as engine, type Page } from "playwright";
import { afterAll, beforeAll } from "vitest";
import { serveSite } from "../../scripts/serveSite.mjs";
import { chromium, chromiumFlags, hasChromium } from "../chromium.ts";

const root = join(import.meta.dirname, "../..");
const axeSource = readFileSync(join(root, "node_modules/axe-core/axe.min.js"), "utf8");

/** The built site on a server of its own, and a browser, for a file of tests. */
export function useSite() {
  let browser: Browser;
  let site: Awaited<ReturnType<typeof serveSite>>;
  beforeAll(async () => {
    if (!hasChromium) return;
    site = await serveSite(0, join(root, "docs/.vitepress/dist"));
    browser = await engine.launch({ executablePath: chromium, args: chromiumFlags });
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  /** Opens a page of the site, lets `work` use it, and returns what the browser complained of meanwhile: errors, warnings, missing files. */
  return async function open(path: string, work: (page: Page) => Promise<void>, options: BrowserContextOptions = {}): Promise<string[]> {
    const complaints: string[] = [];
    const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, acceptDownloads: true, ...options });
    const page = await context.newPage();
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
    page.on("response", (response) => {
      if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
    });
    try {
      await page.goto(site.url + path);
      await page.waitForFunction(() => "__vue_app__" in (document.querySelector("#app") ?? {}));
      await work(page);
    } finally {
      await context.close();
    }
    return complaints;
  };
}

/** What axe-core finds wrong with a page, a line each. */
export async function violations(page: Page): Promise<string[]> {
  // Not as a script of the page, whose policy would refuse it.
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")} ${failureSummary}`));
  });
}
