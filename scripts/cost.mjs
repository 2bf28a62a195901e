// Measures the constants of the cost model in docs/scale.md by the built package: npm run cost. `--write` puts the table into the document.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { evaluate, syntheticFeatures } from "../dist/index.js";
import { writeNpy } from "../dist/io.js";
import { openFeatures, readFeatures } from "../dist/node.js";
import { execute, planEvaluation, shardOf } from "../dist/run.js";
import { streamClassStatistics } from "../dist/statistics.js";

process.chdir(join(import.meta.dirname, ".."));
const folder = mkdtempSync(join(tmpdir(), "softprobe-cost-"));
/** Seconds of this process's processors, which other processes hardly disturb: the least of some runs. */
async function seconds(run, times = 3) {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i++) {
    const started = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(started);
    least = Math.min(least, (user + system) / 1e6);
  }
  return least;
}
const digits = (value) => Number(value.toPrecision(2));
const rows = [];
const [classes, rowsPerClass] = [50, 60];
const masks = ["none", "pair@oracle/top:0.02", "pair@oracle/power:1", "wiener@prior/power:1"];
const perEpisode = new Map();
for (const dims of [640, 1280]) {
  const { features, labels } = syntheticFeatures({ classes, rowsPerClass, dims, seed: 1 });
  for (const shots of [1, 5]) {
    for (const list of [masks.slice(0, 1), masks]) {
      const options = { shots, queries: 15, masks: list };
      // Twice before it counts: V8 compiles on this process's processors too, and a cold run of few episodes costs as much as a warm one of many.
      for (let warm = 0; warm < 2; warm++) await evaluate(features, labels, { ...options, episodes: 1000 });
      const few = await seconds(() => evaluate(features, labels, { ...options, episodes: 100 }), 5);
      const more = await seconds(() => evaluate(features, labels, { ...options, episodes: 1100 }), 5);
      const each = (more - few) / 1000;
      perEpisode.set(`${dims} ${shots} ${list.length}`, each);
      const [n, q] = [5 * shots, 75];
      // Multiply and add: half of the Gram matrix, and each query with each row or each class, whichever are fewer.
      const flops = 2 * dims * ((n * (n + 1)) / 2 + q * Math.min(n, 4));
      const kilobytes = Math.round(((n + q) * dims * 4) / 1024);
      rows.push([
        `5-way ${shots}-shot, d = ${dims}, ${list.length} mask${list.length > 1 ? "s" : ""}`,
        `${kilobytes} kB`,
        `${digits((flops * list.length) / 1e6)} M`,
        `${digits(1000 * each)} ms`,
      ]);
    }
  }
}
const dims = 1280;
const { features, labels } = syntheticFeatures({ classes, rowsPerClass: 300, dims, seed: 1 });
const file = join(folder, "features.npy");
writeFileSync(file, writeNpy({ data: features.data, shape: [features.rows, dims] }));
const bytes = statSync(file).size;
const reading = await seconds(() => readFeatures(file));
const pass = await seconds(() => {
  const reader = openFeatures(file);
  streamClassStatistics(reader, labels, { normalize: "l2" });
  reader.close();
});
/** By the clock: another process's processors are not ours to count. */
const starting = Math.min(
  ...Array.from({ length: 5 }, () => {
    const started = performance.now();
    execFileSync(process.execPath, ["dist/cli.js", "--version"]);
    return (performance.now() - started) / 1000;
  }),
);
const part = JSON.stringify(await execute(shardOf(planEvaluation(features, labels, { episodes: 600, masks }), {}))).length / 600;
rmSync(folder, { recursive: true });

const [models, datasets, episodes, shotsOfStudy] = [1000, 100, 600, 2];
const cells = models * datasets * shotsOfStudy;
const each = (perEpisode.get(`1280 1 4`) + perEpisode.get(`1280 5 4`)) / 2;
const counting = (cells * episodes * each) / 3600;
const loading = (models * datasets * reading * (30_000 / features.rows)) / 3600;
const terabytes = (models * datasets * 30_000 * dims * 4) / 1e12;
const gigabytes = (cells * episodes * part) / 1e9;
const table = (head, body) =>
  [head, head.map((_, j) => (j === 0 ? ":---" : "---:")), ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
const text = [
  `Processor time measured by \`npm run cost\` on ${cpus()[0].model.trim()}, Node ${process.versions.node}.`,
  table(["An episode, 15 queries a way", "Rows it reads", "Multiply-adds × 2", "Time"], rows),
  table(
    ["Beside episodes", "Measured"],
    [
      ["starting the command", `${digits(starting)} s`],
      ["reading features into memory, checked", `${digits(bytes / reading / 1e9)} GB/s`],
      ["one pass for class statistics, row by row", `${digits(bytes / pass / 1e9)} GB/s`],
      [`a part's counts, ${masks.length} masks`, `${digits(part)} bytes an episode`],
    ],
  ),
  table(
    [
      `${models} models × ${datasets} data sets × ${shotsOfStudy} shots, ${masks.length} masks, ${episodes} episodes, 30,000 × ${dims} features each`,
      "Cost",
    ],
    [
      ["cells", cells.toLocaleString("en")],
      ["counting", `${digits(counting).toLocaleString("en")} hours of one thread`],
      ["reading features, each pair once", `${digits(loading).toLocaleString("en")} hours of one thread, ${digits(terabytes)} TB`],
      ["cells' files", `${digits(gigabytes)} GB`],
      ["on 64 threads", `${digits((counting + loading) / 64)} hours`],
    ],
  ),
].join("\n\n");
console.log(text);
if (process.argv.includes("--write")) {
  const document = readFileSync("docs/scale.md", "utf8");
  const [open, close] = ["<!-- figures: cost -->", "<!-- end: cost -->"];
  const [start, end] = [document.indexOf(open), document.indexOf(close)];
  if (start < 0 || end < start) throw new Error(`docs/scale.md: no place for the figures, expected ${open} … ${close}`);
  writeFileSync("docs/scale.md", `${document.slice(0, start + open.length)}\n\n${text}\n\n${document.slice(end)}`);
}
