// Prints sentences of the documentation drawn at random by a seed, each with its place, for a reader who judges whether each can be understood at once:
//   node scripts/sentences.mjs SEED [COUNT|all] [pages|tsdoc|help]
// Sentences are those of the pages, of the comments of what entry points export, and of the commands' help.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import ts from "typescript";
import { apiPages } from "./api.mjs";

process.chdir(join(import.meta.dirname, ".."));

/** The sentences of a text without markup: those of three words and more. */
function sentencesOf(text) {
  return text
    .replace(/\s+/g, " ")
    .split(/(?<=[.!?])\s+(?=[A-Z`[("“*])|(?<=:)\s+(?=[A-Z][a-z])/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence.split(" ").length > 2);
}

/** The prose of a Markdown page: paragraphs, items and cells of more than a few words. */
function proseOf(markdown) {
  const text = markdown
    .replace(/^---\n[\s\S]*?\n---\n/, "")
    .replace(/<!-- figures: [\s\S]*?<!-- end: \w+ -->/g, "")
    .replace(/^```[\s\S]*?^```$/gm, "\n")
    .replace(/<script[\s\S]*?<\/script>/g, "")
    .replace(/^ {4}.*$/gm, "")
    .replace(/!\[[^\]]*\]\([^)]*\)/g, "")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
  const blocks = text.split(/\n\s*\n|\n(?=[-*|#]|\d+\. )/);
  return blocks.flatMap((block) =>
    block.startsWith("|")
      ? block
          .split("|")
          .map((cell) => cell.trim())
          .filter((cell) => cell.split(" ").length > 5)
      : block.startsWith("#")
        ? []
        : [block.replace(/^(?:[-*]|\d+\.) /, "")],
  );
}

function* pages() {
  const files = readdirSync("docs", { recursive: true }).map(String);
  const docs = files.filter((file) => file.endsWith(".md") && !/^(?:api|\.vitepress)/.test(file)).map((file) => `docs/${file}`);
  for (const file of ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "examples/README.md", ...docs.sort()])
    for (const block of proseOf(readFileSync(file, "utf8"))) for (const sentence of sentencesOf(block)) yield { place: file, sentence };
}

/** The comments of exported declarations and of their members, tag by tag; examples left out. */
function* tsdoc() {
  for (const [file, names] of apiPages().reduce((all, { members }) => {
    for (const { file, name } of members) all.set(file, new Set([...(all.get(file) ?? []), name]));
    return all;
  }, new Map())) {
    const path = `src/${file}.ts`;
    const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
    for (const statement of source.statements) {
      const name = statement.name?.text ?? statement.declarationList?.declarations[0].name.text;
      if (!names.has(name)) continue;
      for (const node of [statement, ...(statement.members ?? [])]) {
        const place = node === statement ? `${path} ${name}` : `${path} ${name}.${node.name?.text}`;
        const comments = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
        const tags = comments.flatMap((comment) => [comment, ...(comment.tags ?? []).filter((tag) => tag.tagName.text !== "example")]);
        for (const tag of tags) {
          const text = (ts.getTextOfJSDocComment(tag.comment) ?? "").replace(/^- /, "").replace(/\{@link (\w+)\}/g, "`$1`");
          for (const block of text.split(/\n\s*\n/)) for (const sentence of sentencesOf(block)) yield { place, sentence };
        }
      }
    }
  }
}

async function* help() {
  const contents =
    'export { commandHelp, generalHelp } from "./src/cli/helpText.ts"; export { commands } from "./src/cli/commandTable.ts";';
  const options = {
    stdin: { contents, resolveDir: "." },
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
    packages: "external",
  };
  const { outputFiles } = await build(options);
  const { commands, generalHelp } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
  for (const line of generalHelp().split("\n")) for (const sentence of sentencesOf(line)) yield { place: "softprobe --help", sentence };
  for (const [name, { about, options: groups, notes }] of Object.entries(commands)) {
    for (const sentence of sentencesOf(`${about} ${notes ?? ""}`)) yield { place: `softprobe ${name} --help`, sentence };
    for (const [key, { says, flag }] of Object.values(groups).flatMap((group) => Object.entries(group)))
      if (flag !== null) for (const sentence of sentencesOf(says)) yield { place: `softprobe ${name} --help, ${key}`, sentence };
  }
}

const kinds = { pages, tsdoc, help };
const [seed = "1", count = "20", ...wanted] = process.argv.slice(2);
const all = new Map();
for (const kind of wanted.length > 0 ? wanted : Object.keys(kinds))
  for await (const { place, sentence } of kinds[kind]()) if (!all.has(sentence)) all.set(sentence, place);
const left = [...all];
// Neighbouring seeds share their first numbers, so those are skipped.
const random = xoroshiro128plus(Math.imul(Number(seed), 0x9e3779b1));
for (let i = 0; i < 32; i++) random.next();
const many = count === "all" ? left.length : Math.min(Number(count), left.length);
console.log(`${many} of ${left.length} sentences, seed ${seed}`);
for (let i = 0; i < many; i++) {
  const at = count === "all" ? 0 : (random.next() >>> 0) % left.length;
  const [[sentence, place]] = left.splice(at, 1);
  console.log(`${i + 1}. [${place}] ${sentence}`);
}
