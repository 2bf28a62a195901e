// Writes docs/api from the TSDoc comments, by typedoc: a page for each entry, and one for each room of the root entry that has none
// of its own name. Not committed.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Application } from "typedoc";

process.chdir(join(import.meta.dirname, ".."));
const entries = ".vitest/api";
const out = "docs/api";

/** What each page is about: its title in the sidebar and its first sentence. */
const pages = {
  core: ["Data types", "Matrices, labels and views: what everything takes and gives."],
  features: ["Features", "n × d numbers from whatever you have."],
  episodes: ["Episodes", "Which rows are support and query: a pure function of a seed and a number."],
  statistics: ["softprobe/statistics", "Means, variances, intervals, paired tests, calibration."],
  basis: ["Bases", "Rotations in which dimensions are independent."],
  importance: ["Importance", "How useful each dimension is."],
  mask: ["Masks", "From importance to a weight a dimension."],
  kernels: ["Kernels", "What the hot loops run on."],
  probe: ["Probes", "Heads: trained, asked, kept."],
  plan: ["Options", "What a run is asked for."],
  estimate: ["Estimates", "What a mask or basis needs to know of an episode."],
  pipeline: ["Pipeline", "Normalisation, basis, mask and head as one trained thing."],
  head: ["softprobe/head", "A kept head, loaded and asked: nothing that trains."],
  theory: ["softprobe/theory", "What class statistics alone expect."],
  evaluate: ["Evaluation", "Masks and probes over paired episodes."],
  tune: ["Tuning", "Choosing by evidence."],
  run: ["softprobe/run", "Plans executed anywhere: this thread, worker threads, Web Workers, shards, from a journal."],
  report: ["softprobe/report", "Results as tables and text."],
  plot: ["softprobe/plot", "Results as pictures."],
  io: ["softprobe/io", "Bytes to and from data, without Node."],
  node: ["softprobe/node", "Files and worker threads."],
  ndarray: ["softprobe/ndarray", "From and to ndarray."],
};

/** One module a room, which exports what the entry point exports from it. */
function writeEntries() {
  rmSync(entries, { recursive: true, force: true });
  mkdirSync(entries, { recursive: true });
  const index = readFileSync("src/index.ts", "utf8");
  const rooms = new Map();
  for (const [statement, room] of index.matchAll(/^export [^;]*? from "\.\/(\w+)\/[^"]+";/gms)) {
    rooms.set(room, [...(rooms.get(room) ?? []), statement.replace('"./', `"${relative(entries, "src").replaceAll("\\", "/")}/`)]);
  }
  const write = (name, about, lines) =>
    writeFileSync(join(entries, `${name}.ts`), `/**\n * ${about}\n * @module ${name}\n */\n${lines.join("\n")}\n`);
  const others = readdirSync("src")
    .filter((file) => file.endsWith(".ts") && file !== "index.ts")
    .map((file) => file.slice(0, -3));
  const own = [...rooms].filter(([room]) => !others.includes(room));
  for (const [room, lines] of own) write(room, `${pages[room]?.[1] ?? ""} Import from \`softprobe\`.`, lines);
  for (const name of others)
    write(name, `${pages[name]?.[1] ?? ""} Import from \`softprobe/${name}\`.`, [
      `export * from "${relative(entries, "src")}/${name}.ts";`,
    ]);
  return [...own.map(([room]) => room), ...others];
}

/** The sources that comments name, such as [LM], as links to where the glossary says what they are; code stays as it is. */
function linkSources(text) {
  const prose = (part) => part.replace(/\\?\[(LM|CI|SK)\\?\](?!\()/g, "[$1](/glossary#sources-of-the-method)");
  return text
    .split(/(```[\s\S]*?```)/)
    .map((part) => (part.startsWith("```") ? part : prose(part)))
    .join("");
}

/** Writes the pages and returns the sidebar's items. */
export async function writeApi() {
  const names = writeEntries();
  const tsconfig = join(entries, "tsconfig.json");
  const compilerOptions = { rootDir: "../..", noEmit: true, types: ["node"] };
  writeFileSync(tsconfig, JSON.stringify({ extends: "../../tsconfig.json", compilerOptions, include: ["./*.ts", "../../src"] }));
  const app = await Application.bootstrapWithPlugins({
    entryPoints: names.map((name) => join(entries, `${name}.ts`)),
    tsconfig,
    plugin: ["typedoc-plugin-markdown"],
    out,
    readme: "none",
    disableSources: true,
    excludeInternal: true,
    hideBreadcrumbs: true,
    hidePageHeader: true,
    entryFileName: "index",
    outputFileStrategy: "modules",
    useCodeBlocks: true,
    parametersFormat: "table",
    interfacePropertiesFormat: "table",
    groupOrder: ["Functions", "*"],
    validation: false,
    logLevel: "Error",
    skipErrorChecking: true,
  });
  const project = await app.convert();
  if (!project) throw new Error("api: typedoc could not read the source");
  await app.generateOutputs(project);
  if (app.logger.hasErrors()) throw new Error("api: typedoc could not write the pages");
  for (const file of readdirSync(out, { recursive: true }).map(String)) {
    if (!file.endsWith(".md")) continue;
    const path = join(out, file);
    writeFileSync(path, linkSources(readFileSync(path, "utf8")));
  }
  return names;
}

/** The sidebar's items, for the pages that are written. */
export function apiSidebar() {
  const written = existsSync(out) ? readdirSync(out).map((file) => file.slice(0, -3)) : [];
  const names = [...Object.keys(pages), ...written].filter(
    (name, i, all) => all.indexOf(name) === i && written.includes(name) && name !== "index",
  );
  return names.map((name) => ({ text: pages[name]?.[0] ?? name, link: `/api/${name}` }));
}

if (import.meta.filename === process.argv[1]) console.log(`api: ${(await writeApi()).join(", ")}`);
