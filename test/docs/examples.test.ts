import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { formatWithOptions } from "node:util";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Example,
  extractExamples,
  findExamples,
  findPromises,
  keepsPromise,
  listFiles,
  resolveEntry,
  rewriteExample,
  undocumentedFunctions,
} from "./examples.ts";

const root = join(import.meta.dirname, "../..");
// Two runs in one checkout do not meet.
const folder = join(root, ".vitest/examples", String(process.pid));
const examples = findExamples(root);

beforeAll(() => void mkdirSync(folder, { recursive: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const slug = ({ file, line }: Example) => `${file.replaceAll(/[^A-Za-z0-9]/g, "_")}_${line}`;

/** Runs an example; what each of its lines printed, in order. */
async function run(example: Example): Promise<Map<number, string>> {
  const printed = new Map<number, string>();
  const print = `softprobe_${slug(example)}`;
  const store = globalThis as unknown as Record<string, unknown>;
  store[print] = (line: number, ...values: unknown[]) => {
    const text = formatWithOptions({ breakLength: Number.POSITIVE_INFINITY }, ...values);
    printed.set(line, printed.has(line) ? `${printed.get(line)} ${text}` : text);
  };
  const path = join(folder, `${slug(example)}.ts`);
  const code = rewriteExample(example.code, `globalThis.${print}`, (entry) => {
    const target = resolveEntry(root, entry);
    if (!target) throw new Error(`no such entry point: softprobe/${entry}`);
    return relative(folder, target).replaceAll("\\", "/");
  });
  writeFileSync(path, code);
  await import(/* @vite-ignore */ path);
  return printed;
}

describe("examples", () => {
  for (const example of examples) {
    const title = `${example.file}:${example.line} does what it says`;
    if (example.noRun !== undefined) {
      it.skip(`${title} (not run: ${example.noRun})`);
      continue;
    }
    it(title, async () => {
      const promises = findPromises(example.code);
      const printed = await run(example);
      for (const [line, promised] of promises) {
        const came = printed.get(line) ?? "nothing";
        if (!keepsPromise(promised, came))
          expect.fail(`${example.file}:${example.line + line} promises\n  ${promised}\nand prints\n  ${came}`);
      }
    });
  }

  it("gives a reason where one is not run", () => {
    expect(examples.filter(({ noRun }) => noRun === "").map(({ file, line }) => `${file}:${line}`)).toEqual([]);
  });

  it("all typecheck", () => {
    const { config } = ts.readConfigFile(join(root, "tsconfig.json"), (path) => readFileSync(path, "utf8"));
    const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
    const entries = listFiles(root, "src", ".ts").filter((file) => file.split("/").length === 2);
    const names = entries.map((file) => file.slice("src/".length, -".ts".length));
    const paths = Object.fromEntries(
      names.map((name) => [name === "index" ? "softprobe" : `softprobe/${name}`, [join(root, `src/${name}.ts`)]]),
    );
    const checked = examples.map((example) => {
      const path = join(folder, `${slug(example)}.types.ts`);
      // An export makes a module of it, so that names of two examples do not meet.
      writeFileSync(path, `${example.code}\nexport {};\n`);
      return { path, example };
    });
    const lenient = { noUnusedLocals: false, noUnusedParameters: false };
    const program = ts.createProgram(
      // Declarations of packages that ship none, as our own tests need them.
      [...checked.map(({ path }) => path), ...listFiles(root, "test", ".d.ts").map((file) => join(root, file))],
      { ...options, ...lenient, paths },
    );
    const complaints = checked.flatMap(({ path, example }) => {
      const source = program.getSourceFile(path);
      return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((diagnostic) => {
        const line = source?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? 0;
        return `${example.file}:${example.line + line}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, " ")}`;
      });
    });
    expect(complaints).toEqual([]);
  });

  for (const entry of listFiles(root, "src", ".ts").filter((file) => file.split("/").length === 2)) {
    it(`stand in the TSDoc comment of every function that ${entry} exports`, () => {
      expect(undocumentedFunctions(root, entry.slice("src/".length))).toEqual([]);
    });
  }
});

describe("the reader of examples", () => {
  it("takes ts blocks that import the package from comments and from Markdown, with their lines", () => {
    const comment = [
      "/**",
      " * Adds.",
      " * @example",
      " * ```ts",
      ' * import { a } from "softprobe";',
      " *",
      " *   a();",
      " * ```",
      " */",
      "export const x = 1;",
    ];
    expect(extractExamples("a.ts", comment.join("\n"))).toEqual([
      { file: "a.ts", line: 5, code: 'import { a } from "softprobe";\n\n  a();' },
    ]);
    const block = (fence: string, code: string) => [fence, code, "```"].join("\n");
    const other = [
      block("```sh", "npm i softprobe"),
      block("```ts", 'import { b } from "other";'),
      block("```ts no-run: needs a file", 'import("softprobe/node");'),
    ];
    expect(extractExamples("a.md", other.join("\n"))).toEqual([
      { file: "a.md", line: 8, code: 'import("softprobe/node");', noRun: "needs a file" },
    ]);
  });

  it("takes nothing that stands outside a comment", () => {
    expect(extractExamples("a.ts", ["const text = `", "```ts", 'import { a } from "softprobe";', "```", "`;"].join("\n"))).toEqual([]);
  });

  it("ties a promise to the console.log that it ends, and refuses one that ends none", () => {
    expect([...findPromises("console.log(1); // → 1\nconsole.log(\n  2,\n); // → 2")]).toEqual([
      [0, "1"],
      [1, "2"],
    ]);
    expect(() => findPromises("console.log(1);\nadd(1, 2); // → 3")).toThrow('line 2 promises "3", but prints nothing');
  });

  it("replaces the package's name in imports only", () => {
    const code = 'import { a } from "softprobe";\nimport { b } from "softprobe/io";\nconsole.log("softprobe");';
    expect(rewriteExample(code, "print", (entry) => `../${entry}.ts`)).toBe(
      'import { a } from "../index.ts";\nimport { b } from "../io.ts";\nprint(2, "softprobe");',
    );
  });

  it("compares numbers to the digits promised, and all else exactly but for blanks", () => {
    const kept = [
      ["0.81", "0.8063"],
      ["[ 1, 2.50 ]", "[\n  1,\n  2.4999\n]"],
      ["1.2e-7", "1.2345e-7"],
      ["-0", "-0"],
      ["pair@oracle/top:0.02 is 3", "pair@oracle/top:0.02 is 3"],
    ];
    const broken = [
      ["0.81", "0.8163"],
      ["3", "3.2"],
      ["0", "-0"],
      ["NaN", "0"],
      ["[ 1, 2 ]", "[ 1, 2, 3 ]"],
      ["1.2e-7", "1.2345e-6"],
      ["nothing", ""],
    ];
    for (const [promised, printed] of kept) expect(keepsPromise(promised, printed), `${promised} / ${printed}`).toBe(true);
    for (const [promised, printed] of broken) expect(keepsPromise(promised, printed), `${promised} / ${printed}`).toBe(false);
  });
});
