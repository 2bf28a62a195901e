import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright";
import { describe, expect, it } from "vitest";
import type { RedundancyCurve } from "../../src/evaluate/results.ts";
import { named } from "../report/fixtures.ts";

const root = join(import.meta.dirname, "../..");
const dist = join(root, "dist");
const browser = "/usr/bin/chromium";
type Plots = typeof import("../../src/plot.ts");

/** Packages and files of ours that a built file loads at once, and those that they load. */
function loaded(file: string, seen = new Set<string>()): Set<string> {
  const text = readFileSync(join(dist, file), "utf8");
  const found = [/^(?:import|export)\b[^;"]*"([^"]+)";/gm, /\brequire\("([^"]+)"\)/g].flatMap((pattern) => [...text.matchAll(pattern)]);
  for (const [, specifier] of found) {
    if (seen.has(specifier)) continue;
    seen.add(specifier);
    if (specifier.startsWith("./") && existsSync(join(dist, specifier))) loaded(specifier.slice(2), seen);
  }
  return seen;
}

describe("the plots' weight", () => {
  it.each(["index.js", "index.cjs", "io.js", "io.cjs", "node.js", "node.cjs", "ndarray.js", "worker.js", "cli.js"])(
    "%s loads no plot",
    (file) => {
      expect([...loaded(file)].filter((name) => /plot/i.test(name))).toEqual([]);
      expect(readFileSync(join(dist, file), "utf8")).not.toContain("softprobe-plot");
    },
  );

  it("needs no other package", () => {
    for (const file of ["plot.js", "plot.cjs"]) expect([...loaded(file)].filter((name) => !name.startsWith("./"))).toEqual([]);
    // The command has the plots in files of their own.
    const lazy = readdirSync(dist).filter((file) => /^\w+Plot-\w+\.js$/.test(file));
    expect(lazy.length).toBeGreaterThanOrEqual(4);
  });
});

describe("softprobe/plot", () => {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const path = (way: "import" | "require") => join(root, exports["./plot"][way].default);

  it("draws the same bytes as an ES module and as CommonJS", async () => {
    const [modern, common] = [
      (await import(pathToFileURL(path("import")).href)) as Plots,
      createRequire(import.meta.url)(path("require")) as Plots,
    ];
    const draw = ({ curvePlot, toSvg }: Plots) => toSvg(curvePlot(named));
    expect(draw(common)).toBe(draw(modern));
    expect(Object.keys(common).sort()).toEqual(Object.keys(modern).sort());
  });

  it("has types that bring a page's with them", () => {
    for (const way of ["import", "require"] as const)
      expect(readFileSync(join(root, exports["./plot"][way].types), "utf8")).toMatch(/^\/\/\/ <reference lib="dom" \/>/);
  });

  it("drew the pictures of docs/plots.md, byte for byte (node scripts/pictures.mjs draws them anew)", () => {
    const { status, stderr } = spawnSync(process.execPath, [join(root, "scripts/pictures.mjs"), "--check"], { encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
  });

  it.skipIf(!existsSync(browser))(
    "makes elements of a page in a browser, under a strict Content-Security-Policy, that give the same file as without one (needs Debian's chromium)",
    async () => {
      const { outputFiles } = await build({
        ...{ entryPoints: [path("import")], bundle: true, format: "iife", globalName: "plots", write: false, logLevel: "error" },
      });
      const policy = "default-src 'none'; script-src 'nonce-test'; style-src 'none'";
      const html = `<!doctype html><html lang="en"><head><title>t</title><meta http-equiv="Content-Security-Policy" content="${policy}"></head><body></body></html>`;
      const page = await (await chromium.launch({ executablePath: browser, args: ["--no-sandbox", "--disable-gpu"] })).newPage();
      try {
        const complaints: string[] = [];
        page.on("console", (message) => void (message.type() === "error" && complaints.push(message.text())));
        page.on("pageerror", (error) => void complaints.push(String(error)));
        await page.setContent(html);
        await page.evaluate(outputFiles[0].text.replace(/^"use strict";\s*var plots =/m, "window.plots ="));
        const drawn = await page.evaluate(
          (curves) => {
            const { curvePlot, toSvg } = (window as unknown as { plots: Plots }).plots;
            const element = curvePlot(curves, { theme: "dark" });
            document.body.append(element);
            const box = element.getBoundingClientRect();
            return { svg: toSvg(element), type: element.constructor.name, width: box.width, height: box.height };
          },
          named as { name: string; curve: RedundancyCurve }[],
        );
        const { curvePlot, toSvg } = (await import(pathToFileURL(path("import")).href)) as Plots;
        expect(complaints).toEqual([]);
        expect([drawn.type, drawn.width]).toEqual(["SVGSVGElement", 640]);
        expect(drawn.svg).toBe(toSvg(curvePlot(named, { theme: "dark" })));
      } finally {
        await page.context().browser()?.close();
      }
    },
  );
});
