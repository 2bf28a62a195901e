import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../cli/run.ts";
import { bundlers } from "./bundle.ts";
import { printed, root, tool } from "./tarball.ts";

const folder = temporaryFolder();
/** The first bytes of the kernels' WebAssembly as src/kernels/decodeBytes.ts writes them: the magic number, which every build of them has. */
const { wasmBinary } = await import("../../src/kernels/wasmBinary.ts");
const binary = wasmBinary.slice(0, 80);

describe("what an import costs a page", () => {
  it("stays within the budget of .size-limit.mjs, each entry", async () => {
    const report: { name: string; passed: boolean; size: number; sizeLimit: number }[] = JSON.parse(
      await printed(tool("size-limit"), ["--json"]),
    );
    expect(report.filter(({ passed }) => !passed)).toEqual([]);
    const size = Object.fromEntries(report.map((entry) => [entry.name, entry.size]));
    // Else the budget without the binary leaves nothing out.
    expect(size["softmax probe"] - size["softmax probe, without kernels' binary"]).toBeGreaterThan(10_000);
  });
});

for (const [name, bundle] of Object.entries(bundlers)) {
  const bundled = (code: string) => bundle(code, join(folder, name));

  describe(`a bundle by ${name}`, () => {
    it("is empty where nothing of the package is used", async () => {
      const code = 'import "softprobe";\nimport * as all from "softprobe";\nimport { readNpy } from "softprobe/io";';
      expect((await bundled(code)).trim()).toBe("");
    });

    it("holds a function that needs no kernels without them", async () => {
      const figures = await bundled('import { meanInterval } from "softprobe/statistics";\nconsole.log(meanInterval([1, 2, 3]).mean);');
      expect(figures.length).toBeLessThan(6_000);
      for (const [names, entry] of [
        ["topMask, powerMask, parseMask", ""],
        ["sampleEpisode", ""],
        ["toMatrix", ""],
        ["curveText, evaluationTable", "/report"],
        ["studentTQuantile", "/statistics"],
      ]) {
        const text = await bundled(`import { ${names} } from "softprobe${entry}";\nconsole.log(${names});`);
        expect(text.length, names).toBeLessThan(40_000);
        expect(text.includes(binary), names).toBe(false);
      }
    });

    it("holds no kernels where a head is asked that was trained elsewhere", async () => {
      const text = await bundled('import { headFromJSON, predict } from "softprobe";\nconsole.log(headFromJSON, predict);');
      expect(text.length).toBeLessThan(24_000);
      expect(text.includes(binary)).toBe(false);
    });

    it("holds the kernels, once, where a probe is trained", async () => {
      const text = await bundled('import { fitSoftmax, predict } from "softprobe";\nconsole.log(fitSoftmax, predict);');
      expect(text.split(binary)).toHaveLength(2);
      // The masks, bases and evaluation are left out.
      expect(text.length).toBeLessThan(153_000);
      expect(text).not.toContain("discriminant");
    });
  });
}

/** Where a module makes code of strings, and which modules of Node it names, by its syntax tree. */
function findForbidden(file: string, text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const at = () => `${file}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}`;
    if (ts.isIdentifier(node) && (node.text === "eval" || node.text === "Function")) found.push(`${at()} ${node.text}`);
    if (ts.isStringLiteralLike(node) && node.text.startsWith("node:")) found.push(`${at()} ${node.text}`);
    ts.forEachChild(node, visit);
  };
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  visit(source);
  return found;
}

/** Files of dist that these entries load, in both kinds of module. */
function reachable(entries: readonly string[]): string[] {
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    for (const [, next] of readFileSync(join(root, "dist", file), "utf8").matchAll(/["']\.\/([\w-]+\.c?js)["']/g)) visit(next);
  };
  for (const entry of entries) for (const ending of ["js", "cjs"]) visit(`${entry}.${ending}`);
  return [...found];
}

describe("what pages get", () => {
  it("never names eval, Function or a module of Node, in any file", () => {
    const files = reachable([
      "index",
      "head",
      "incremental",
      "importance",
      "statistics",
      "theory",
      "tune",
      "report",
      "run",
      "io",
      "ndarray",
      "plot",
    ]);
    expect(files.length).toBeGreaterThan(30);
    expect(files.flatMap((file) => findForbidden(file, readFileSync(join(root, "dist", file), "utf8")))).toEqual([]);
  });

  it("would be caught naming them", () => {
    expect(findForbidden("a.js", 'import "node:fs";\neval("1");\nnew Function("a");\n// eval\nconst text = "eval";')).toEqual([
      "a.js:1 node:fs",
      "a.js:2 eval",
      "a.js:3 Function",
    ]);
  });
});
