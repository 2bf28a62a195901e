import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { publint } from "publint";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../cli/run.ts";
import { pack, printed, root, tool } from "./tarball.ts";

const folder = temporaryFolder();
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
    expect(files.sort()).toEqual(["CHANGELOG.md", "LICENSE", "README.md", "dist", "package.json"]);
    const built = readdirSync(join(folder, "node_modules/softprobe/dist"));
    expect(built.filter((file) => !/\.(c?js|d\.c?ts|map)$/.test(file))).toEqual(["LICENSES.txt"]);
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

  it("has no source map that names a file of this machine", () => {
    const maps = readdirSync(join(folder, "node_modules/softprobe/dist")).filter((file) => file.endsWith(".map"));
    const named = maps.flatMap((file) => JSON.parse(readFileSync(join(folder, "node_modules/softprobe/dist", file), "utf8")).sources);
    expect(named.length).toBeGreaterThan(100);
    expect(named.filter((source: string) => !/^\.\.\/(src|node_modules)\//.test(source))).toEqual([]);
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

  it("evaluates in worker threads", async () => {
    write("workers.mjs", [
      'import { syntheticFeatures } from "softprobe";',
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
