// Writes docs/api from the TSDoc comments, by typedoc: a page for each public function with its option types, and a list for each stage.
// A source file holds one public function, so a page is what entry points export from one file. Not committed.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { Application } from "typedoc";
import ts from "typescript";

process.chdir(join(import.meta.dirname, ".."));
const entries = ".vitest/api";
const out = "docs/api";

/** The stages in the order that data pass them: the folder of its pages, its title, its first sentence, and the rooms whose exports it lists. */
const stages = [
  ["features", "Features", "Make a matrix of n rows × d columns from whatever you have.", ["core", "features"]],
  ["episodes", "Episodes", "Draw small tasks: which rows are support and which are queries, by a seed.", ["episodes"]],
  ["statistics", "Statistics", "Means, variances, intervals, paired tests, calibration and rejection.", ["statistics"]],
  ["basis", "Bases", "Linear maps learned from base classes or views, applied before the mask.", ["basis", "estimate"]],
  ["importance", "Importance", "How useful each dimension is: one number ≥ 0 a dimension.", ["importance"]],
  ["mask", "Masks", "Turn importance into a weight for each dimension, and apply it.", ["mask"]],
  [
    "probe",
    "Probes",
    "Train a classifier, ask it, keep it as JSON and let it learn from further examples.",
    ["solve", "heldout", "probe", "incremental"],
  ],
  ["pipeline", "Pipeline", "Scaling, basis, mask and head trained as one probe.", ["pipeline"]],
  ["tune", "Tuning", "Choose or combine masks and bases by evidence.", ["tune"]],
  ["evaluate", "Evaluation", "Accuracy and paired differences over many episodes, with intervals.", ["evaluate", "plan", "kernels"]],
  ["theory", "Theory", "What class statistics alone let you expect.", ["theory"]],
  ["run", "Running", "Execute a plan in this thread, on worker threads, in Web Workers, as shards or from a journal.", ["run"]],
  ["report", "Reports", "Results as text, Markdown, CSV, LaTeX and JSON lines.", ["report"]],
  ["plot", "Pictures", "Results as SVG pictures.", ["plot"]],
  ["io", "Formats", "Turn bytes into data and data into bytes, without Node's modules.", ["io"]],
  ["node", "Files and threads", "Read and write files, and use worker threads, in Node.", ["node"]],
].map(([folder, title, about, rooms]) => ({ folder, title, about, rooms }));

/** Files of types alone, shown beside the function that takes or returns them. */
const beside = {
  "plan/prepareCurve": "evaluate/redundancyCurve",
  "plan/prepareEvaluation": "evaluate/evaluate",
  "estimate/domainOf": "basis/domainCheck",
  "importance/classMoments": "statistics/classStatistics",
};

/** What an entry point exports: a record for each name, with the file it comes from and whether it is a type only. */
function exportsOf(entry) {
  const source = ts.createSourceFile(entry, readFileSync(join("src", entry), "utf8"), ts.ScriptTarget.Latest);
  return source.statements.flatMap((statement) => {
    const file = statement.moduleSpecifier?.text.replace(/^\.\//, "").replace(/\.ts$/, "");
    const named = statement.exportClause?.elements ?? [];
    return named.map((one) => ({ name: one.name.text, file, type: statement.isTypeOnly || one.isTypeOnly }));
  });
}

/** The pages: for each its path, the names on it, and the entry points that export each name. */
function gatherPages() {
  const names = readdirSync("src").filter((file) => file.endsWith(".ts"));
  // The root entry first, and softprobe/head last: each name is imported from the first entry point that has it.
  const order = (file) => (file === "index.ts" ? 0 : file === "head.ts" ? 2 : 1);
  const files = new Map();
  for (const entry of names.sort((a, b) => order(a) - order(b) || (a < b ? -1 : 1))) {
    const from = entry === "index.ts" ? "softprobe" : `softprobe/${entry.slice(0, -3)}`;
    for (const { name, file, type } of exportsOf(entry)) {
      const known = files.get(file) ?? new Map();
      files.set(file, known);
      known.set(name, known.get(name) ?? { name, file, type, from });
    }
  }
  const pages = new Map();
  for (const [file, members] of files) {
    const list = [...members.values()];
    const room = file.split("/")[0];
    const stage = stages.find(({ rooms }) => rooms.includes(room));
    if (!stage) throw new Error(`api: room ${room} belongs to no stage of scripts/api.mjs`);
    const own = list.some(({ type }) => !type);
    const path = beside[file] ?? (own ? `${stage.folder}/${file.split("/")[1]}` : `${stage.folder}/types`);
    pages.set(path, { path, stage, members: [...(pages.get(path)?.members ?? []), ...list] });
  }
  for (const page of pages.values()) page.stage = stages.find(({ folder }) => page.path.startsWith(`${folder}/`));
  return [...pages.values()];
}

/** The functions of a page, the one that gives the file its name first. */
const functionsOf = ({ path, members }) => {
  const main = path.split("/")[1];
  const named = members.filter(({ type }) => !type).map(({ name }) => name);
  return named.sort((a, b) => Number(b === main) - Number(a === main));
};

/** What a page is called in the sidebar: its functions, without the twin of each that is asynchronous. */
function titleOf(page) {
  const shown = functionsOf(page).filter((name, _, all) => !all.includes(name.replace(/Async$/, "")) || !name.endsWith("Async"));
  if (shown.length === 0) return "Types";
  return shown.length > 2 ? `${shown[0]} and ${shown.length - 1} more` : shown.join(", ");
}

/** Writes one module a page, for typedoc to read. */
function writeEntries(pages) {
  rmSync(entries, { recursive: true, force: true });
  for (const { path, members } of pages) {
    const target = join(entries, `${path}.ts`);
    mkdirSync(dirname(target), { recursive: true });
    const back = relative(dirname(target), "src").replaceAll("\\", "/");
    const lines = members.map(({ name, file, type }) => `export ${type ? "type " : ""}{ ${name} } from "${back}/${file}.ts";`);
    writeFileSync(target, `/** @module ${path} */\n${lines.join("\n")}\n`);
  }
  return pages.map(({ path }) => join(entries, `${path}.ts`));
}

/** The sentence that says where to import from. */
function importLine({ members }) {
  const from = new Map();
  for (const { name, from: entry } of members) from.set(entry, [...(from.get(entry) ?? []), name]);
  if (from.size === 1) return `Import from \`${[...from.keys()][0]}\`.`;
  return [...from].map(([entry, names]) => `Import ${names.map((name) => `\`${name}\``).join(", ")} from \`${entry}\`.`).join(" ");
}

/** The sources that comments name, such as [LM], as links to where the glossary says what they are; code stays as it is. */
function linkSources(text) {
  const prose = (part) => part.replace(/\\?\[(LM|CI|SK)\\?\](?!\()/g, "[$1](/glossary#sources-of-the-method)");
  return text
    .split(/(```[\s\S]*?```)/)
    .map((part) => (part.startsWith("```") ? part : prose(part)))
    .join("");
}

/** The type of an option as its user sees it, for the record of the option table from which it follows. */
function plainType(record) {
  const choices = /`choices`: readonly \\\[(.*?)\\\]/.exec(record)?.[1].split(", ") ?? [];
  const words = /`words`: \\\{ (.*?);? \\\}/.exec(record)?.[1];
  const said = words ? [...words.matchAll(/`(\w+)`: `"/g)].map(([, word]) => `\`"${word}"\``) : [];
  const kind = /`kind`: `"(\w+)"`/.exec(record)?.[1];
  const own =
    kind === "integer" || kind === "number" ? ["`number`"] : kind === "flag" ? ["`boolean`"] : kind === "choice" ? choices : ["`string`"];
  return [...own, ...said].join(" \\| ");
}

/** A page as typedoc wrote it, with its title, where to import from, and one level of headings less where it has one function. */
function finishPage(page, text) {
  const functions = functionsOf(page);
  let body = linkSources(text)
    .replace(/^# .*\n+/, "")
    .replaceAll("\n***\n", "\n")
    .replace(/`One`\\<(\\\{.*?\\\})\\>(?= \||\[\]|$)/gm, (_, record) => plainType(record));
  let title = functions.length > 0 ? functions.join(", ") : `Types of the stage ${page.stage.title.toLowerCase()}`;
  if (functions.length === 1) {
    // Of a constant it has no parentheses.
    const heading = new RegExp(`^## ${functions[0]}(?:\\(\\))?\\n`, "m").exec(body)?.[0];
    if (!heading) throw new Error(`api: ${page.path} has no heading of ${functions[0]}`);
    const at = body.indexOf(heading);
    const rest = body.slice(at + heading.length);
    const end = rest.search(/^## /m);
    const own = (end < 0 ? rest : rest.slice(0, end)).replace(/^##(#+ )/gm, "#$1");
    body = `${own.trim()}\n\n${body.slice(0, at)}${end < 0 ? "" : rest.slice(end)}`;
    title = heading.slice(3).trim();
  }
  const about = `[${page.stage.title}](./) · ${importLine(page)}`;
  return `---\noutline: [2, 2]\npageClass: api-page\n---\n\n# ${title}\n\n${about}\n\n${body.trim()}\n`;
}

/** The first sentence of each name's comment. */
function firstSentences(project) {
  const said = new Map();
  for (const module of project.children ?? [])
    for (const child of module.children ?? []) {
      const parts = (child.signatures?.[0] ?? child).comment?.summary ?? [];
      const text = parts
        .map((part) => part.text)
        .join("")
        .replaceAll("\n", " ");
      said.set(child.name, /^.*?[.:](?= |$)/.exec(text)?.[0].replace(/:$/, ".") ?? text);
    }
  return said;
}

const cell = (text) => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");

/** A stage's list of functions, and of the pages of types alone. */
function stagePage(stage, pages, said) {
  const rows = pages.flatMap((page) =>
    functionsOf(page).map((name) => {
      const anchor = functionsOf(page).length === 1 ? "" : `#${name.toLowerCase()}`;
      const from = page.members.find((member) => member.name === name).from;
      return `| [\`${name}\`](./${page.path.split("/")[1]}.md${anchor}) | ${linkSources(cell(said.get(name) ?? ""))} | \`${from}\` |`;
    }),
  );
  const types = pages.some(({ path }) => path.endsWith("/types")) ? "\nTypes that several functions share: [types](./types.md).\n" : "";
  return `# ${stage.title}\n\n${stage.about}\n\n| Function | What it does | Import from |\n| --- | --- | --- |\n${rows.join("\n")}\n${types}`;
}

/** All stages on one page. */
function indexPage(pages) {
  const rows = stages.map((stage) => {
    const functions = pages.filter((page) => page.stage === stage).flatMap((page) => functionsOf(page).map((name) => [name, page]));
    const links = functions.map(([name, page]) => {
      const anchor = functionsOf(page).length === 1 ? "" : `#${name.toLowerCase()}`;
      return `[\`${name}\`](./${page.path}.md${anchor})`;
    });
    return `## ${stage.title}\n\n${stage.about} [All](./${stage.folder}/)\n\n${links.join(", ")}\n`;
  });
  return `---\noutline: [2, 2]\n---\n\n# API\n\nEvery public function, in the order in which data pass the stages. Each page says where to import from.\n\n${rows.join("\n")}`;
}

/** Writes the pages and returns how many there are. */
export async function writeApi() {
  const pages = gatherPages();
  const entryPoints = writeEntries(pages);
  const tsconfig = join(entries, "tsconfig.json");
  const compilerOptions = { rootDir: "../..", noEmit: true, types: ["node"] };
  writeFileSync(tsconfig, JSON.stringify({ extends: "../../tsconfig.json", compilerOptions, include: ["./**/*.ts", "../../src"] }));
  const app = await Application.bootstrapWithPlugins({
    entryPoints,
    tsconfig,
    plugin: ["typedoc-plugin-markdown"],
    out,
    readme: "none",
    disableSources: true,
    excludeInternal: true,
    hideBreadcrumbs: true,
    hidePageHeader: true,
    hideGroupHeadings: true,
    expandParameters: true,
    entryFileName: "index",
    outputFileStrategy: "modules",
    useCodeBlocks: true,
    parametersFormat: "table",
    interfacePropertiesFormat: "table",
    typeDeclarationFormat: "table",
    tableColumnSettings: { hideInherited: true, hideModifiers: true, hideDefaults: true, hideSources: true },
    groupOrder: ["Functions", "*"],
    validation: { invalidLink: true, notExported: false },
    treatValidationWarningsAsErrors: true,
    logLevel: "Warn",
    skipErrorChecking: true,
  });
  // A comment may name any public function, wherever that is exported.
  app.converter.addUnknownSymbolResolver((reference, reflection, link) => {
    if (!link) return undefined;
    const name = reference.symbolReference?.path?.[0]?.path;
    const modules = reflection.project.children ?? [];
    const target = modules.flatMap(({ children = [] }) => children).find((child) => child.name === name);
    return target && { target, caption: name };
  });
  const project = await app.convert();
  if (!project) throw new Error("api: typedoc could not read the source");
  app.validate(project);
  await app.generateOutputs(project);
  if (app.logger.hasErrors()) throw new Error("api: typedoc could not write the pages");
  const said = firstSentences(project);
  for (const page of pages) {
    const path = join(out, `${page.path}.md`);
    writeFileSync(path, finishPage(page, readFileSync(path, "utf8")));
  }
  for (const stage of stages) {
    const own = pages.filter((page) => page.stage === stage);
    writeFileSync(join(out, stage.folder, "index.md"), stagePage(stage, own, said));
  }
  writeFileSync(join(out, "index.md"), indexPage(pages));
  return pages.length;
}

/** What stands where: the path of each page, and its functions with the entry point of each. */
export function apiPages() {
  return gatherPages().map(({ path, members }) => ({
    path,
    functions: members.filter(({ type }) => !type).map(({ name, from }) => ({ name, from })),
    members,
  }));
}

/** The sidebar's items by stage, for the pages that are written. */
export function apiSidebar() {
  const pages = gatherPages().filter(({ path }) => existsSync(join(out, `${path}.md`)));
  return stages.map((stage) => {
    const own = pages.filter((page) => page.stage === stage);
    const last = own.filter(({ path }) => path.endsWith("/types"));
    const items = [...own.filter((page) => !last.includes(page)), ...last];
    return {
      text: stage.title,
      link: `/api/${stage.folder}/`,
      collapsed: true,
      items: items.map((page) => ({ text: titleOf(page), link: `/api/${page.path}` })),
    };
  });
}

if (import.meta.filename === process.argv[1]) console.log(`api: ${await writeApi()} pages`);
