import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { indexLabels } from "../src/core/labels.ts";
import type { Matrix } from "../src/core/matrix.ts";
import { readNpyLabels, readNpyMatrix } from "../src/io/npyFeatures.ts";
import { writeNpy } from "../src/io/writeNpy.ts";
import { fitSoftmax } from "../src/probe/fitSoftmax.ts";
import { benchFeatures } from "./data.ts";
import { interleave, pair, type Result, repeated } from "./measure.ts";
import { memoryOf } from "./memory.ts";
import type { Bench, Room } from "./room.ts";

interface Task {
  readonly features: Matrix;
  readonly labels: Int32Array;
}

interface Case {
  readonly title: string;
  readonly C: number;
  readonly target?: readonly [number, number];
  /** Seconds to measure for; three rounds at least, however long they take. */
  readonly budget: number;
  /** null where its data are not at hand. */
  make(): Task | null;
}

function synthetic(rows: number, dims: number, classes: number): Task {
  const { features, labels } = benchFeatures({ dims, classes, rowsPerClass: rows / classes });
  return { features, labels };
}

/** The data sets that the repository's neighbour folder holds, where it is there. */
function banking(): Task | null {
  const folder = join("..", "shared", "features", "banking77-use");
  if (!existsSync(folder)) return null;
  const read = (name: string): Uint8Array => readFileSync(join(folder, `${name}.npy`));
  return { features: readNpyMatrix(read("features")), labels: indexLabels(readNpyLabels(read("labels"))).codes };
}

function digits(): Task {
  const sets = JSON.parse(readFileSync(join("test", "golden", "real.json"), "utf8")) as readonly {
    readonly name: string;
    readonly rows: number;
    readonly cols: number;
    readonly X: readonly number[];
    readonly y: readonly number[];
  }[];
  const { rows, cols, X, y } = sets.find(({ name }) => name === "digits")!;
  return { features: { data: Float64Array.from(X), rows, cols }, labels: Int32Array.from(y) };
}

const made = (rows: number, dims: number, classes: number, target?: readonly [number, number], budget = 3): Case => ({
  title: `${rows} × ${dims}, ${classes} classes`,
  C: 1,
  target,
  budget,
  make: () => synthetic(rows, dims, classes),
});

const cases: readonly Case[] = [
  made(25, 1280, 5, [20, 45], 2),
  made(500, 512, 20, [3, 8]),
  made(2000, 512, 10, [3, 8]),
  made(5000, 512, 10, [2, 5], 6),
  made(10000, 512, 20, [2, 5], 6),
  made(2400, 100, 60),
  { title: "Banking77, 2310 × 512, 77 classes, C = 1", C: 1, target: [1.5, 4], budget: 5, make: banking },
  { title: "Banking77, C = 100", C: 100, target: [1.5, 4], budget: 8, make: banking },
  { title: "digits, unscaled, 1797 × 64, 10 classes", C: 1, target: [3, 10], budget: 6, make: digits },
];

const solvers = ["lbfgs", "newton-cg"] as const;

async function measure(bench: Bench, { title, C, target, budget, make }: Case): Promise<Result | null> {
  const task = make();
  const { python } = bench;
  if (!task || !python) return null;
  const { features, labels } = task;
  const folder = join(bench.folder, "large");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "features.npy"), writeNpy({ data: features.data, shape: [features.rows, features.cols] }));
  writeFileSync(join(folder, "labels.npy"), writeNpy({ data: labels, shape: [labels.length] }));
  await python.ask("load_plain", { task: "large", folder });
  const ours = fitSoftmax(features, labels, { C });
  const asked = { task: "large", C };
  // The slower of the peers is not worth the time of the whole run.
  const first: { solver: string; seconds: number; objective: number }[] = [];
  for (const solver of solvers)
    first.push({ solver, ...(await python.ask<{ seconds: number; objective: number }>("fit_plain", { ...asked, solver })) });
  first.sort((a, b) => a.seconds - b.seconds);
  const { solver, objective } = first[0];
  const [own, theirs] = await interleave(
    [
      repeated("ours", 1, () => {
        fitSoftmax(features, labels, { C });
      }),
      python.side(solver, "fit_plain", { ...asked, solver }),
    ],
    { seconds: bench.quick ? 0.5 : budget, rounds: bench.quick ? 1 : 3, warmUp: bench.quick ? 0 : 0.5 },
  );
  await python.ask("forget", { task: "large" });
  const above = (objective - ours.objective) / ours.objective;
  const note = `${ours.converged ? "converged" : "not converged"} in ${ours.nIter} Newton steps; the peer's objective is ${above.toExponential(1)} of ours above it`;
  return pair({ name: "fit-large", case: title, unit: "seconds", target, note }, own, `scikit-learn ${solver}`, theirs);
}

const many = { rows: 100_000, dims: 256, classes: 10 };

/** Runs in a process of its own: how far resident memory rises above the features while many rows are fitted, and how long that takes. */
export function largeFitChild(): void {
  const { features, labels } = synthetic(many.rows, many.dims, many.classes);
  const { gc } = globalThis as { gc?: () => void };
  gc?.();
  const before = process.memoryUsage.rss();
  const { converged } = fitSoftmax(features, labels);
  const growth = 1024 * process.resourceUsage().maxRSS - before;
  console.log(JSON.stringify({ bytes: features.data.byteLength, growth, converged }));
}

/**
 * Peak memory of the fit of 100,000 rows: what it takes beside the features, against 1.5 times these. Of three processes, since a peak may also be of what made
 * the features, when that is given back late.
 */
function memory(): Result {
  const [{ bytes, growth: least }, { growth: median }] = memoryOf("large fit");
  const note = `with the features, ${(1 + median / bytes).toFixed(2)} × these`;
  const allowed = 1.5 * bytes;
  const row = {
    name: "fit-memory",
    case: `${many.rows} × ${many.dims}, ${many.classes} classes`,
    unit: "bytes",
    target: [1, 1.2] as const,
    note,
  };
  return pair(row, { min: least, median }, "allowed: 1.5 × features", { min: allowed, median: allowed });
}

/** Fits of a few rows to a hundred thousand against the faster of scikit-learn's solvers at their default tolerance. */
export const largeFitsRoom: Room = {
  names: ["fit-large", "fit-memory"],
  async run(bench) {
    const results: Result[] = [];
    const whole = bench.quick ? cases.slice(0, 2) : [...cases, made(many.rows, many.dims, many.classes, [1.5, 4], 5)];
    if (bench.wants("fit-large")) {
      for (const one of whole) {
        const result = await measure(bench, one);
        if (result) results.push(result);
      }
    }
    if (bench.wants("fit-memory") && !bench.quick) results.push(memory());
    return results;
  },
};
