import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** One ```ts block of a document or a comment that imports this package. */
export interface Example {
  /** Relative to the repository, with forward slashes. */
  readonly file: string;
  /** Of the block's first line of code, from 1. */
  readonly line: number;
  readonly code: string;
  /** Why it is not run (` ```ts no-run: why`), or undefined. */
  readonly noRun?: string;
}

/** Matches what names this package in an import: `from "softprobe/io"`, `import("softprobe")`; 1: before, 2: the quote, 3: the entry. */
const SPECIFIER = /(\bfrom\s+|\bimport\s*\(\s*)(["'])softprobe(\/[a-z]+)?\2/g;

/** Every example of the TSDoc comments in src, and of README.md, CHANGELOG.md and docs. */
export function findExamples(root: string): Example[] {
  const files = [
    ...listFiles(root, "src", ".ts"),
    ...["README.md", "CHANGELOG.md"].filter((file) => existsSync(join(root, file))),
    // The API's pages are made of the comments in src.
    ...listFiles(root, "docs", ".md").filter((file) => !/^docs\/(?:api|\.vitepress)\//.test(file)),
  ];
  return files.flatMap((file) => extractExamples(file, readFileSync(join(root, file), "utf8")));
}

/** Every example of one file: in TypeScript, of its TSDoc comments. */
export function extractExamples(file: string, text: string): Example[] {
  const examples: Example[] = [];
  const inSource = file.endsWith(".ts");
  let comment = !inSource;
  let block: { line: number; code: string[]; noRun?: string } | undefined;
  text.split(/\r?\n/).forEach((whole, i) => {
    if (inSource && !comment && /^\s*\/\*\*/.test(whole)) comment = true;
    if (!comment) return;
    const line = inSource ? whole.replace(/^\s*(?:\/\*\*|\*(?!\/)) ?/, "") : whole;
    const fence = /^\s*```\s*(ts|typescript)?\b\s*(.*)$/.exec(line);
    if (block && /^\s*```\s*$/.test(line)) {
      const { code } = block;
      if (code.some((each) => new RegExp(SPECIFIER.source).test(each))) examples.push({ file, ...block, code: code.join("\n") });
      block = undefined;
    } else if (block) block.code.push(line);
    else if (fence?.[1]) {
      const noRun = /^no-run(?::\s*(.*))?$/.exec(fence[2].trim());
      block = { line: i + 2, code: [], ...(noRun && { noRun: noRun[1] ?? "" }) };
    }
    if (inSource && whole.includes("*/")) {
      comment = false;
      block = undefined;
    }
  });
  return examples;
}

/** What each `// → …` promises, by the line (from 0) of the `console.log` that it ends; throws for one that ends none. */
export function findPromises(code: string): Map<number, string> {
  const promises = new Map<number, string>();
  const lines = code.split("\n");
  lines.forEach((line, i) => {
    const promise = /\/\/\s*→\s*(.*?)\s*$/.exec(line);
    if (!promise) return;
    let start = i;
    // Back over the lines of one statement.
    while (start > 0 && !lines[start].includes("console.log(") && !/;\s*(\/\/.*)?$/.test(lines[start - 1])) start--;
    if (!lines[start].includes("console.log("))
      throw new Error(`line ${i + 1} promises "${promise[1]}", but prints nothing: ${line.trim()}`);
    promises.set(start, promise[1]);
  });
  return promises;
}

/** The same example with this package's name replaced by `resolve(entry)`, and each `console.log(` by `print(line, `. */
export function rewriteExample(code: string, print: string, resolve: (entry: string) => string): string {
  const printing = code
    .split("\n")
    .map((line, i) => line.replaceAll("console.log(", `${print}(${i}, `))
    .join("\n");
  return printing.replace(
    SPECIFIER,
    (_, before: string, quote: string, entry?: string) => `${before}${quote}${resolve(entry?.slice(1) ?? "index")}${quote}`,
  );
}

/** Whether an output keeps a promise: the same text, blanks aside, where a number is the same to the digits that were promised (a whole number entirely). */
export function keepsPromise(promised: string, printed: string): boolean {
  const number = /(?<![\w.])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.])/g;
  const blanks = (text: string) => text.replaceAll(/\s+/g, " ").trim();
  const [wanted, came] = [blanks(promised), blanks(printed)];
  if (wanted.replace(number, "#") !== came.replace(number, "#")) return false;
  const numbers = came.match(number) ?? [];
  return (wanted.match(number) ?? []).every((text, i) => {
    if (text === numbers[i]) return true;
    const [mantissa, exponent = "0"] = text.split("e");
    const decimals = mantissa.includes(".") ? mantissa.length - mantissa.indexOf(".") - 1 : 0;
    if (decimals === 0 && exponent === "0") return false;
    const unit = 10 ** (Number(exponent) - decimals);
    return Math.abs(Number(numbers[i]) - Number(text)) <= 0.5 * unit * (1 + 1e-9);
  });
}

/** Where an entry point's examples find it: the built package when no source is newer, else the source; undefined when there is neither. */
export function resolveEntry(root: string, entry: string): string | undefined {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const built = exports[entry === "index" ? "." : `./${entry}`]?.import?.default;
  const time = (path: string) => statSync(join(root, path)).mtimeMs;
  const newest = Math.max(...listFiles(root, "src", ".ts").map(time));
  if (built && existsSync(join(root, built)) && time(built) >= newest) return join(root, built);
  const source = join(root, "src", `${entry}.ts`);
  return existsSync(source) ? source : undefined;
}

/** Functions that an entry point exports without a TSDoc comment that carries an example of this package, as `name (file)`. */
export function undocumentedFunctions(root: string, entry: string): string[] {
  const missing: string[] = [];
  for (const [, names, from] of readFileSync(join(root, "src", entry), "utf8").matchAll(/^export\s+\{([^}]*)\}\s+from\s+"([^"]+)";/gm)) {
    const file = join("src", from);
    const text = readFileSync(join(root, file), "utf8");
    for (const name of names.split(",").map((each) => each.trim().split(/\s+as\s+/)[0])) {
      if (name === "" || name.startsWith("type ")) continue;
      const declaration = new RegExp(`^export (?:async )?(?:function\\*? ${name}\\b|const ${name}\\b.*(?:=>|function))`, "m").exec(text);
      if (!declaration) continue;
      const before = text.slice(0, declaration.index).trimEnd();
      const comment = before.endsWith("*/") ? before.slice(before.lastIndexOf("/**")) : "";
      if (!comment.includes("@example") || extractExamples(file, comment).length === 0) missing.push(`${name} (${file})`);
    }
  }
  return missing;
}

/** Files under `folder` that end in `suffix`, relative to `root`, in alphabetical order. */
export function listFiles(root: string, folder: string, suffix: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true })
    .map((file) => `${folder}/${String(file).replaceAll("\\", "/")}`)
    .filter((file) => file.endsWith(suffix))
    .sort();
}
