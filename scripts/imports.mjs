// Holds the source to its plan: which room may import which, no cycles (type imports count), no node:* outside node/ and cli/, nobody imports an entry point, and no function of Math
// whose last digits an engine may choose.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { rooms as plan } from "./rooms.mjs";

const rooms = Object.keys(plan);
/**
 * Rooms that know less than their place allows. `basis`, `importance`, `mask` and `probe` are siblings: they take arrays and shapes, never each other's results.
 * `heldout` and `probe` are siblings over `solve`: a choice of C needs no head, and a head no choice.
 */
const narrower = {
  episodes: ["core"],
  kernels: ["core"],
  statistics: ["core", "kernels"],
  basis: ["core", "kernels", "statistics"],
  importance: ["core", "kernels"],
  mask: ["core"],
  solve: ["core", "kernels"],
  heldout: ["core", "kernels", "statistics", "solve"],
  probe: ["core", "kernels", "statistics", "solve"],
  incremental: ["core", "kernels", "solve", "probe"],
  theory: ["core", "statistics"],
  report: ["core", "statistics", "tune", "evaluate"],
  plot: ["core", "statistics", "tune", "evaluate", "report"],
  io: ["core", "features", "statistics", "basis", "probe"],
};
const allowed = Object.fromEntries(
  rooms.map((room, at) => [room, narrower[room] ?? rooms.slice(0, at).filter((other) => other !== "plot")]),
);
allowed.cli.push("plot");

const root = "src";
/** What the language leaves open, and V8 has changed between versions: src/core has its own. `**` is exact for powers of two and for squares. */
const open = /\bMath\.(?:a?(?:cos|sin|tan)h?|atan2|cbrt|exp|expm1|hypot|log|log10|log1p|log2|pow)\b|(?<![\d.])(?!2 )[\w)\].]+ \*\* (?!2\b)/;

const files = readdirSync(root, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.replaceAll("\\", "/"));
const problems = [];
const graph = new Map();
/** Lines of each room: above this share of them all, a room holds two ideas. */
const largestShare = 0.15;
const lines = new Map();
for (const file of files) {
  const text = readFileSync(join(root, file), "utf8");
  const room = file.includes("/") ? file.slice(0, file.indexOf("/")) : "";
  lines.set(room, (lines.get(room) ?? 0) + text.split("\n").length);
  if (room && !allowed[room]) problems.push(`src/${file}: no such room in scripts/imports.mjs: ${room}`);
  if (file.split("/").length > 2) problems.push(`src/${file}: a room has no second floor`);
  for (const [at, line] of text.split("\n").entries()) {
    const found = /^\s*(?:\/?\*|\/\/)/.test(line) ? null : open.exec(line);
    if (found) problems.push(`src/${file}:${at + 1}: ${found[0]} differs between engines; src/core has functions that do not`);
  }
  const targets = [];
  const named = [...text.matchAll(/^(?:import|export)\s+(type\s)?[^;]*?from\s+"([^"]+)";/gms)].map(([, typeOnly, specifier]) => [
    typeOnly,
    specifier,
  ]);
  const lazy = [...text.matchAll(/\bimport\("([^"]+)"\)/g)].map(([, specifier]) => [undefined, specifier]);
  for (const [typeOnly, specifier] of [...named, ...lazy]) {
    if (specifier.startsWith("node:") && !["node", "cli"].includes(room))
      problems.push(`src/${file}: imports ${specifier}; only node/ and cli/ may`);
    if (!specifier.startsWith(".")) continue;
    const target = relative(root, normalize(join(root, dirname(file), specifier))).replaceAll("\\", "/");
    if (!files.includes(target)) problems.push(`src/${file}: imports ${specifier}, which is not a source file`);
    if (!target.includes("/")) problems.push(`src/${file}: imports the entry point ${target}`);
    const to = target.slice(0, target.indexOf("/"));
    // `report` and `plot` draw results: they name their types and never run what made them.
    const runsResults = !typeOnly && ["report", "plot"].includes(room) && ["tune", "evaluate"].includes(to);
    if (!typeOnly && to === "plot" && room && room !== "plot" && !lazy.some(([, each]) => each === specifier))
      problems.push(`src/${file}: imports ${specifier}; plot/ is loaded by import() alone`);
    if (room && to !== room && (!allowed[room]?.includes(to) || runsResults))
      problems.push(`src/${file}: ${room}/ may not import ${to}/ (${specifier})`);
    targets.push(target);
  }
  graph.set(file, targets);
}
const state = new Map();
const visit = (file, path) => {
  if (state.get(file) === "done") return;
  if (state.get(file) === "open") {
    problems.push(`cycle: ${[...path.slice(path.indexOf(file)), file].join(" -> ")}`);
    return;
  }
  state.set(file, "open");
  for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
  state.set(file, "done");
};
for (const file of files) visit(file, []);
const all = [...lines.values()].reduce((sum, count) => sum + count, 0);
for (const [room, count] of lines)
  if (count > largestShare * all)
    problems.push(
      `src/${room}: ${((100 * count) / all).toFixed(1)} % of the lines of src, expected at most ${100 * largestShare} %: split it by idea`,
    );
for (const problem of problems) console.error(problem);
console.log(`imports: ${files.length} files, ${problems.length} problems`);
process.exit(problems.length ? 1 : 0);
