import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { publint } from "publint";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../cli/run.ts";
import { pack, printed, root, tool } from "./tarball.ts";

const folder = temporaryFolder();
/** Bytes that a page loads to ask a kept head, gzipped. A quarter are checks of the document, an eighth is x^y, e^x and log x to the same bits in every engine. */
const HEAD_GZIP = 8_000;
let tarball = "";

/** A project of its own with the tarball installed and nothing else of ours in reach. */
beforeAll(async () => {
  tarball = await pack(folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "project", private: true }));
  await printed("npm", ["install", `./${basename(tarball)}`, "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"], folder);
});

const write = (name: string, lines: readonly string[]) => writeFileSync(join(folder, name), `${lines.join("\n")}\n`);
const node = (...args: string[]) => printed(process.execPath, args, folder);

describe("the tarball", () => {
  it("holds what is built, its licence, README and changelog, and no source, test or secret", async () => {
    const files = readdirSync(join(folder, "node_modules/softprobe"));
    const texts = ["CHANGELOG.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "LICENSE", "README.md", "SECURITY.md"];
    expect(files.sort()).toEqual([...texts, "dist", "docs", "examples", "package.json"]);
    const built = readdirSync(join(folder, "node_modules/softprobe/dist"));
    expect(built.filter((file) => !/\.(c?js|d\.c?ts)$/.test(file))).toEqual(["LICENSES.txt"]);
    expect(built).toEqual(expect.arrayContaining(["cli.js", "index.cjs", "index.d.cts", "index.d.ts", "index.js", "worker.js"]));
  });

  it("pleases publint, with no error, warning or suggestion", async () => {
    const { messages } = await publint({ pkgDir: join(folder, "node_modules/softprobe"), pack: false, strict: true });
    expect(messages).toEqual([]);
  });

  it("gives every entry its types under each way TypeScript resolves them, by are-the-types-wrong", async () => {
    // TypeScript before 4.7 (`node10`) knows no entry points of a package but the root: that profile leaves it out.
    const { analysis } = JSON.parse(await printed(tool("attw"), [tarball, "--format", "json", "--profile", "node16"]));
    expect(analysis.types).toEqual({ kind: "included" });
    const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(Object.keys(analysis.entrypoints).sort()).toEqual(Object.keys(exports).sort());
    for (const [entry, { resolutions }] of Object.entries<{ resolutions: Record<string, { resolution?: { isTypeScript: boolean } }> }>(
      analysis.entrypoints,
    )) {
      if (entry === "./package.json") continue;
      for (const way of ["node16-cjs", "node16-esm", "bundler"])
        expect(resolutions[way].resolution?.isTypeScript, `${entry} by ${way}`).toBe(true);
    }
    expect(analysis.problems.filter(({ resolutionKind }: { resolutionKind: string }) => resolutionKind !== "node10")).toEqual([]);
  });

  it("has pages whose links lead to files within it", () => {
    const installed = join(folder, "node_modules/softprobe");
    const pages = readdirSync(installed, { recursive: true })
      .map(String)
      .filter((file) => file.endsWith(".md"));
    const links = pages.flatMap((page) =>
      [...readFileSync(join(installed, page), "utf8").matchAll(/\]\((?!\w+:)([^)#\s]+)/g)].map(([, link]) => ({ page, link })),
    );
    expect(links.length).toBeGreaterThan(30);
    expect(links.filter(({ page, link }) => !existsSync(join(installed, dirname(page), link)))).toEqual([]);
  });

  it("has readable code, and no source maps, which would be most of it", () => {
    const built = join(folder, "node_modules/softprobe/dist");
    expect(readdirSync(built).filter((file) => file.endsWith(".map"))).toEqual([]);
    for (const file of readdirSync(built).filter((name) => /\.c?js$/.test(name)))
      expect(readFileSync(join(built, file), "utf8"), file).not.toContain("sourceMappingURL");
    const sizes = readdirSync(built).map((file) => readFileSync(join(built, file)).length);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(4e6);
  });

  it("says where it fails, in the source's names", async () => {
    write("fails.mjs", ['import { headFromJSON } from "softprobe/head";', 'headFromJSON("{");']);
    await expect(node("fails.mjs")).rejects.toThrow(/RangeError: headFromJSON: document is not JSON[\s\S]*at headFromJSON \(/);
  });
});

describe("an empty project that installs the tarball", () => {
  it("uses every entry point as ES modules", async () => {
    write("use.mjs", [
      'import { fitProbe, predict, syntheticFeatures } from "softprobe";',
      'import { readNpy, writeNpy } from "softprobe/io";',
      'import { readFeatures } from "softprobe/node";',
      "const { features, labels } = syntheticFeatures({ classes: 3, rowsPerClass: 8, seed: 1 });",
      "const bytes = writeNpy({ data: features.data, shape: [features.rows, features.cols] });",
      'console.log(predict(fitProbe(features, labels), features).length, readNpy(bytes, "x.npy").shape[0], typeof readFeatures);',
    ]);
    expect(await node("use.mjs")).toBe("24 24 function\n");
  });

  it("uses every entry point by require", async () => {
    write("use.cjs", [
      'const { fitSoftmax, predict, toMatrix, episodeDigest } = require("softprobe");',
      'const { writeCsv } = require("softprobe/io");',
      'const { readFeatures } = require("softprobe/node");',
      "const features = toMatrix([[1, 0], [0, 1]]);",
      'console.log(predict(fitSoftmax(features, ["a", "b"]), features), writeCsv(features).length, typeof readFeatures, typeof episodeDigest);',
    ]);
    expect(await node("use.cjs")).toBe("[ 'a', 'b' ] 12 function function\n");
  });

  it("has every entry point in both kinds of module, with the same names", async () => {
    const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const entries = Object.keys(exports).filter((entry) => entry !== "./package.json");
    expect(entries.sort()).toEqual(
      [
        ".",
        ...["head", "importance", "incremental", "io", "ndarray", "node", "plot", "report", "run", "statistics", "theory", "tune"].map(
          (name) => `./${name}`,
        ),
      ].sort(),
    );
    const names = entries.map((entry) => entry.replace(/^\./, "softprobe"));
    write("esm.mjs", [
      `for (const name of ${JSON.stringify(names)}) {`,
      "  try { console.log(name, Object.keys(await import(name)).sort().join()); } catch (error) { console.log(name, error.code); }",
      "}",
    ]);
    write("cjs.cjs", [
      `for (const name of ${JSON.stringify(names)}) {`,
      "  try { console.log(name, Object.keys(require(name)).sort().join()); } catch (error) { console.log(name, error.code); }",
      "}",
    ]);
    const [modern, common] = [await node("esm.mjs"), await node("cjs.cjs")];
    const listed = (text: string) =>
      Object.fromEntries(
        text
          .trim()
          .split("\n")
          .map((line) => line.split(" ") as [string, string]),
      );
    // Its peer is not installed here.
    expect([listed(modern)["softprobe/ndarray"], listed(common)["softprobe/ndarray"]]).toEqual([
      "ERR_MODULE_NOT_FOUND",
      "MODULE_NOT_FOUND",
    ]);
    for (const name of names.filter((each) => each !== "softprobe/ndarray")) expect(listed(common)[name], name).toBe(listed(modern)[name]);
    expect(listed(modern)["softprobe/head"]).toBe("classify,decisionFunction,headFromJSON,predict,predictProba");
    // One way to import a function: no two entries have it, but for what softprobe/head gives again.
    const once = names
      .filter((name) => !["softprobe/head", "softprobe/ndarray"].includes(name))
      .flatMap((name) => listed(modern)[name].split(","));
    expect(once.filter((name, at) => once.indexOf(name) < at)).toEqual([]);
    // The root is what three lines and the composer of a pipeline need.
    expect(listed(modern).softprobe.split(",").length).toBeLessThanOrEqual(65);
  });

  it("loads a kept head and asks it, in a page's bundle without trainers and kernels, to the bits of the whole", async () => {
    write("keep.mjs", [
      'import { writeFileSync } from "node:fs";',
      'import { fitProbe, headToJSON, predictProba, syntheticFeatures } from "softprobe";',
      "const { features, labels } = syntheticFeatures({ classes: 4, rowsPerClass: 12, dims: 70, seed: 1 });",
      'const probe = fitProbe(features, labels, { mask: "discriminant:1>bayes@prior/power:1", base: { features, labels } });',
      'const rejection = { by: "margin", threshold: 0.5 };',
      "const kept = headToJSON({ ...probe, temperature: 0.7, rejection });",
      'writeFileSync("kept.json", JSON.stringify({ kept, rows: Array.from(features.data), cols: features.cols }));',
      "console.log(Array.from(predictProba({ ...probe, temperature: 0.7 }, features).data).join());",
    ]);
    const whole = await node("keep.mjs");
    const code = [
      'import { classify, headFromJSON, predictProba } from "softprobe/head";',
      "export function ask({ kept, rows, cols }) {",
      "  const features = { data: Float32Array.from(rows), rows: rows.length / cols, cols };",
      "  const head = headFromJSON(kept);",
      "  return { sure: classify(head, features).rejected.filter((no) => !no).length, all: Array.from(predictProba(head, features).data).join() };",
      "}",
    ];
    write("ask.mjs", code);
    write("asks.mjs", [
      'import { readFileSync } from "node:fs";',
      'import { ask } from "./ask.mjs";',
      'const { sure, all } = ask(JSON.parse(readFileSync("kept.json", "utf8")));',
      'if (!(sure > 0)) throw new Error("all rejected");',
      "console.log(all);",
    ]);
    expect(await node("asks.mjs")).toBe(whole);
    const { outputFiles } = await build({
      ...{ entryPoints: [join(folder, "ask.mjs")], bundle: true, minify: true, format: "esm", write: false, logLevel: "error" },
    });
    const text = outputFiles[0].text;
    expect(text).not.toMatch(/WebAssembly|fitSoftmax|AGFzbQ/);
    expect(gzipSync(text, { level: 9 }).length).toBeLessThanOrEqual(HEAD_GZIP);
  });

  it("evaluates in worker threads", async () => {
    write("workers.mjs", [
      'import { evaluate, syntheticFeatures } from "softprobe";',
      'import { threads } from "softprobe/node";',
      "const { features, labels } = syntheticFeatures({ classes: 6, rowsPerClass: 20, seed: 1 });",
      "const result = await evaluate(features, labels, { on: threads(2), episodes: 6 });",
      "console.log(result.episodes);",
    ]);
    expect(await node("workers.mjs")).toBe("6\n");
  });

  it("has the command", async () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(await printed(join(folder, "node_modules/.bin/softprobe"), ["--version"], folder)).toBe(`${version}\n`);
  });

  it("runs the whole pipeline where code must not be made of strings", async () => {
    copyFileSync(join(root, "test/package/pipeline.mjs"), join(folder, "pipeline.mjs"));
    expect(await node("--disallow-code-generation-from-strings", "pipeline.mjs")).toMatch(/^160 predicted, \d+ % right\n$/);
  });

  it("typechecks under node16, for both kinds of module, and under bundler, with no other types about", async () => {
    const code = [
      'import { type Evaluation, evaluate, fitProbe, type Matrix, predict, toMatrix } from "softprobe";',
      'import { readCsv } from "softprobe/io";',
      'import { readFeatures } from "softprobe/node";',
      "const features: Matrix = toMatrix([[1, 0], [0, 1]]);",
      'export const names: readonly unknown[] = predict(fitProbe(features, ["a", "b"]), features);',
      'export const result: Promise<Evaluation> = evaluate(features, [0, 1], { masks: ["none"], probes: ["softmax"] });',
      'export const rows: number = readCsv("a\\n1\\n", "x.csv").matrix.rows;',
      "export const read: (path: string) => Promise<Matrix> = readFeatures;",
      "// @ts-expect-error a mask's spec is text",
      "fitProbe(features, [0, 1], { mask: 5 });",
    ];
    mkdirSync(join(folder, "types"), { recursive: true });
    const files = { node16: ["esm.mts", "cjs.cts"], bundler: ["bundler.ts"] };
    for (const [moduleResolution, names] of Object.entries(files)) {
      for (const name of names) write(`types/${name}`, code);
      const module = moduleResolution === "bundler" ? "esnext" : "node16";
      const compilerOptions = { strict: true, noEmit: true, types: [], target: "es2022", lib: ["es2022", "dom"], module, moduleResolution };
      write(`types/${moduleResolution}.json`, [JSON.stringify({ compilerOptions, files: names })]);
      await printed(tool("tsc"), ["-p", join(folder, `types/${moduleResolution}.json`)], folder);
    }
  });

  it("is bundled for a page by esbuild into a script that runs", async () => {
    write("page.mjs", [
      'import { fitSoftmax, predict, toMatrix } from "softprobe";',
      "const features = toMatrix([[1, 0], [0, 1]]);",
      'console.log(predict(fitSoftmax(features, ["pear", "fig"]), features).join());',
    ]);
    await printed(
      tool("esbuild"),
      ["page.mjs", "--bundle", "--minify", "--format=iife", "--outfile=page.js", "--log-level=warning"],
      folder,
    );
    expect(await node("page.js")).toBe("pear,fig\n");
  });
});
