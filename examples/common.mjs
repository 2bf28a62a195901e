// What the examples of engines share: a run to cut into shards, the command, and the comparison of what comes out.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { syntheticFeatures } from "../dist/index.js";
import { writeNpy } from "../dist/io.js";

export const command = [process.execPath, join(import.meta.dirname, "../dist/cli.js")];

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Runs a program to its end; what it wrote, or an error that says why not. */
export async function run(program, args, options = {}) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (data) => {
    stdout += data;
  });
  child.stderr?.on("data", (data) => {
    stderr += data;
  });
  const [code, signal] = await once(child, "close");
  return { code, signal, stdout, stderr };
}

/** {@link run}, where anything but success is an error. */
export async function must(program, args, options) {
  const ran = await run(program, args, options);
  if (ran.code !== 0)
    throw new Error(`${program} ${args.join(" ")}: exit code ${ran.code} ${ran.signal ?? ""}\n${ran.stderr}${ran.stdout}`);
  return ran.stdout;
}

/**
 * A temporary folder with features and labels, the options of an evaluation of them, and its bytes by a single run. Whatever way `use` ends, the folder goes.
 */
export async function withRun(use, episodes = Number(process.env.EPISODES ?? 24000)) {
  const folder = mkdtempSync(join(tmpdir(), "softprobe-example-"));
  try {
    const { features, labels } = syntheticFeatures({ classes: 30, rowsPerClass: 30, dims: 256, seed: 8 });
    writeFileSync(join(folder, "features.npy"), writeNpy({ data: features.data, shape: [features.rows, features.cols] }));
    writeFileSync(join(folder, "labels.npy"), writeNpy({ data: Int32Array.from(labels), shape: [features.rows] }));
    const data = ["--features", join(folder, "features.npy"), "--labels", join(folder, "labels.npy")];
    const masks = ["none", "pair@oracle/top:0.1", "pair@oracle/power:1"].flatMap((mask) => ["--mask", mask]);
    const args = ["eval", ...data, "--shots", "3", "--episodes", String(episodes), "--per-episode", ...masks];
    const single = join(folder, "single.json");
    await must(command[0], [command[1], ...args, "--json", "--out", single]);
    return await use({ folder, args, single });
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** Into how many shards the examples cut a run, one after the other. */
export const cuts = (process.env.SHARDS ?? "1,3,16").split(",").map(Number);

/** A new folder for the parts of a run. */
export function partsFolder(folder, name) {
  const parts = join(folder, name);
  mkdirSync(parts);
  return parts;
}

const linesOf = (path) => (existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : []);
const journals = (parts, of) => Array.from({ length: of }, (_, i) => join(parts, `part-${i + 1}.json.journal`));

/** Waits until some shard has counted something and not everything, so that a kill hits work under way. */
export async function untilUnderWay(parts, of) {
  for (let i = 0; i < 3000; i++) {
    if (journals(parts, of).some((path) => linesOf(path).length >= 3 && !existsSync(path.replace(".journal", "")))) return;
    await pause(20);
  }
  throw new Error(`${parts}: no shard was ever under way`);
}

/** kill -9 for every process that counts a shard: those whose command line names the folder, be they only starting, and those that hold a lock in it. */
export function killHolders(parts) {
  spawnSync("pkill", ["-9", "-f", parts]);
  for (const name of readdirSync(parts).filter((each) => each.endsWith(".lock"))) {
    try {
      process.kill(JSON.parse(readFileSync(join(parts, name), "utf8")).pid, "SIGKILL");
    } catch {
      // Already gone, and its lock with it.
    }
  }
}

/** Merges the parts and compares with the single run, byte by byte; and how many episodes were counted more than once. */
export async function compare({ folder, single }, parts, of) {
  const merged = join(folder, "merged.json");
  const files = Array.from({ length: of }, (_, i) => join(parts, `part-${i + 1}.json`));
  await must(command[0], [command[1], "merge", ...files, "--json", "--out", merged]);
  await must("cmp", [merged, single]);
  const counted = journals(parts, of).flatMap((path) =>
    linesOf(path)
      .slice(1)
      .flatMap((line) => {
        const { from, totals } = JSON.parse(line);
        return totals.map((_, i) => from + i);
      }),
  );
  return { episodes: new Set(counted).size, again: counted.length - new Set(counted).size };
}

/** One line of figures. */
export function tell(engine, of, what, { episodes, again }) {
  console.log(`${engine}: ${of} ${of === 1 ? "shard" : "shards"}, ${what}: cmp equal; ${episodes} episodes counted once, ${again} again`);
}
