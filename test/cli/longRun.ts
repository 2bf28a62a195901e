import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { writeNpy } from "../../src/io/writeNpy.ts";
import { command, type Ran } from "./run.ts";

/** Writes features and labels that a run of a second or two can be made of; its options, without `--out`. */
export function longRun(folder: string, episodes = 4000): readonly string[] {
  const { features, labels } = syntheticFeatures({ classes: 30, rowsPerClass: 30, dims: 256, seed: 8 });
  writeFileSync(join(folder, "f.npy"), writeNpy({ data: features.data, shape: [features.rows, features.cols] }));
  writeFileSync(join(folder, "l.npy"), writeNpy({ data: Int32Array.from(labels), shape: [features.rows] }));
  const masks = ["none", "pair@oracle/top:0.1", "pair@oracle/power:1"].flatMap((mask) => ["--mask", mask]);
  return [
    "eval",
    "--features",
    "f.npy",
    "--labels",
    "l.npy",
    "--episodes",
    String(episodes),
    "--shots",
    "3",
    "--per-episode",
    "--json",
    ...masks,
  ];
}

/** The built command, running. */
export function start(
  args: readonly string[],
  cwd: string,
): { readonly child: ChildProcess; readonly ended: Promise<Ran & { readonly signal: string | null }> } {
  const child = spawn(process.execPath, [command, ...args], { cwd });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (data) => {
    stdout += data;
  });
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  const ended = once(child, "close").then(([code, signal]) => ({ code: code as number, signal: signal as string | null, stdout, stderr }));
  return { child, ended };
}

export const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Waits until a journal holds at least so many lines. */
export async function untilLines(path: string, lines: number): Promise<void> {
  for (let i = 0; i < 1200; i++) {
    if (linesOf(path).length >= lines) return;
    await pause(25);
  }
  throw new Error(`${path} never had ${lines} lines`);
}

/** The whole lines of a journal. */
export const linesOf = (path: string): string[] => (existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : []);

/** Episodes in a journal, each as often as it was counted. */
export const episodesIn = (path: string): number[] =>
  linesOf(path)
    .slice(1)
    .flatMap((line) => {
      const { from, totals } = JSON.parse(line) as { from: number; totals: number[] };
      return totals.map((_, i) => from + i);
    });
