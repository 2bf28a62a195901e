import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright";
import { expect, it } from "vitest";
import { chromiumFlags, hasChromium, chromium as program } from "../chromium.ts";
import { root } from "./tarball.ts";

type Heads = typeof import("../../src/head.ts");
type Library = typeof import("../../src/index.ts");

const dist = (entry: string) => join(root, `dist/${entry}.js`);
const load = async <T>(entry: string): Promise<T> => (await import(pathToFileURL(dist(entry)).href)) as T;

it("is the root's own: one engine, whichever entry a function comes from", async () => {
  const [heads, library] = [await load<Heads>("head"), await load<Library>("index")];
  for (const [name, value] of Object.entries(heads)) expect(library[name as keyof Library], name).toBe(value);
});

it.skipIf(!hasChromium || !existsSync(program))(
  "softprobe/head answers in a page under a strict Content-Security-Policy, where WebAssembly is forbidden, to the bits of Node with kernels (needs Debian's chromium)",
  async () => {
    const { fitProbe, headToJSON, predictProba, syntheticFeatures } = await load<Library>("index");
    const { features, labels } = syntheticFeatures({ classes: 4, rowsPerClass: 10, dims: 40, seed: 3 });
    const probe = fitProbe(features, labels, { mask: "wiener@support/power:1", C: 10 });
    const document = headToJSON({ ...probe, temperature: 0.8, rejection: { by: "margin", threshold: 0.5 } });
    const { outputFiles } = await build({
      ...{ entryPoints: [dist("head")], bundle: true, minify: true, format: "iife", globalName: "heads", write: false, logLevel: "error" },
    });
    const policy = "default-src 'none'; script-src 'nonce-test'; require-trusted-types-for 'script'";
    const html = `<!doctype html><html lang="en"><head><title>t</title><meta http-equiv="Content-Security-Policy" content="${policy}"><script nonce="test">${outputFiles[0].text}</script></head><body></body></html>`;
    const page = await (await chromium.launch({ executablePath: program, args: chromiumFlags })).newPage();
    try {
      const complaints: string[] = [];
      page.on("console", (message) => void (message.type() === "error" && complaints.push(message.text())));
      page.on("pageerror", (error) => void complaints.push(String(error)));
      await page.setContent(html);
      const answered = await page.evaluate(
        ({ text, data, rows, cols }) => {
          const { classify, headFromJSON } = (globalThis as unknown as { heads: Heads }).heads;
          const { labels, probabilities, rejected } = classify(headFromJSON(text), { data: Float32Array.from(data), rows, cols });
          return { labels: [...labels], probabilities: Array.from(probabilities.data), rejected: [...rejected] };
        },
        { text: JSON.stringify(document), data: Array.from(features.data), rows: features.rows, cols: features.cols },
      );
      expect(complaints).toEqual([]);
      expect(answered.probabilities).toEqual(Array.from(predictProba({ ...probe, temperature: 0.8 }, features).data));
      expect(answered.labels).toHaveLength(40);
      expect(new Set(answered.rejected)).toEqual(new Set([true, false]));
    } finally {
      await page.context().browser()?.close();
    }
  },
);
