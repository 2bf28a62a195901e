import { join } from "node:path";
import type { Episode } from "../src/episodes/sampleEpisode.ts";
import { takeRowsInto } from "../src/features/takeRows.ts";
import type { KernelChoice } from "../src/kernels/createKernels.ts";
import { prepareEvaluation } from "../src/plan/prepareEvaluation.ts";
import { fitSoftmax } from "../src/probe/fitSoftmax.ts";
import { predict } from "../src/probe/predict.ts";
import { maskScore } from "../src/score/maskScore.ts";
import { type BenchFeatures, benchFeatures, sampleEpisodes, writeTask } from "./data.ts";
import { decisionOf } from "./decision.ts";
import { interleave, pair, type Result, repeated, type Side } from "./measure.ts";
import type { Python } from "./python.ts";
import type { Bench, Room } from "./room.ts";

interface Case {
  readonly ways: number;
  readonly shots: number;
  readonly dims: number;
  /** Episodes a round. */
  readonly count: number;
  readonly rowsPerClass?: number;
  readonly target?: readonly [number, number];
  /** Of the public functions. */
  readonly composed?: readonly [number, number];
  /** Also without WebAssembly, and against the fastest solver. */
  readonly js?: readonly [number, number];
  readonly fastest?: readonly [number, number];
}

const cases: readonly Case[] = [
  { ways: 5, shots: 1, dims: 640, count: 20, target: [45, 110], composed: [40, 90] },
  { ways: 5, shots: 5, dims: 640, count: 20 },
  { ways: 5, shots: 5, dims: 1280, count: 20, target: [28, 65], composed: [35, 75], js: [8, 18], fastest: [15, 45] },
  { ways: 5, shots: 5, dims: 2048, count: 10 },
  { ways: 20, shots: 5, dims: 1280, count: 6, target: [8, 25], composed: [12, 24], js: [2, 5], fastest: [5, 15] },
  { ways: 10, shots: 100, dims: 512, count: 1, rowsPerClass: 160, target: [2, 6] },
];

/** Solvers of the same multinomial objective; liblinear is one-vs-rest, and newton-cholesky's Hessian has (k·d)² numbers: 0.3 to 5 GB here. */
const solvers = ["newton-cg", "sag", "saga"] as const;

const queries = 15;

/** The evaluation's own inner path: sampling, probe, predictions, all episodes of a round. */
export function runnerSide(
  label: string,
  { features, labels }: BenchFeatures,
  options: { ways: number; shots: number; episodes: number },
  kernels: KernelChoice = "auto",
): Side {
  const score = maskScore(prepareEvaluation("bench", features, labels, { ...options, queries, seed: 7, kernels }));
  const correct = new Int32Array(1);
  return repeated(label, options.episodes, () => {
    for (let e = 0; e < options.episodes; e++) score.count(e, correct);
  });
}

/** The labels that fitSoftmax and predict give, an episode at a time: every episode's rows are copied into the same memory. */
function publicLabels({ features }: BenchFeatures) {
  let room = new Float32Array(0);
  return ({ support, supportLabels, query }: Episode) => {
    const [own, asked] = [support.length * features.cols, query.length * features.cols];
    if (room.length < own + asked) room = new Float32Array(own + asked);
    const head = fitSoftmax(takeRowsInto(room.subarray(0, own), features, support), supportLabels);
    return predict(head, takeRowsInto(room.subarray(own), features, query));
  };
}

/** How many labels agree with scikit-learn's defaults, and with its exact optimum wherever that optimum's margin is over 1e-5. */
async function agreement(python: Python, data: BenchFeatures, episodes: readonly Episode[]): Promise<string> {
  const asked = { task: "episode", episodes: episodes.length };
  const usual = await python.ask<{ labels: number[][] }>("labels", { ...asked, solver: "lbfgs" });
  const exact = await python.ask<{ labels: number[][]; margins: number[][] }>("labels", { ...asked, solver: "newton-cg", exact: true });
  const labelsOf = publicLabels(data);
  const ours = episodes.map((episode) => Array.from(labelsOf(episode), Number));
  return decisionOf(ours, usual.labels, exact);
}

async function measure(
  bench: Bench,
  { ways, shots, dims, count, rowsPerClass, target, composed: goal, js, fastest }: Case,
): Promise<readonly Result[]> {
  const { python } = bench;
  const title = `${ways}-way ${shots}-shot, d = ${dims}`;
  const wanted =
    ["episode", "episode-public"].some(bench.wants) || (js && bench.wants("episode-js")) || (fastest && bench.wants("episode-fastest"));
  if (!python || !wanted) return [];
  const data = benchFeatures({ dims, rowsPerClass });
  const episodes = sampleEpisodes(data.index, { ways, shots, queries, seed: 7 }, count);
  await python.ask("load", { task: "episode", folder: writeTask(join(bench.folder, "episode"), data, episodes), episodes: true });
  const agrees = await agreement(python, data, episodes);
  const asked = { task: "episode", episodes: count };

  const runner = runnerSide("runner", data, { ways, shots, episodes: count });
  const labelsOf = publicLabels(data);
  const composed = repeated("public", count, () => {
    for (const episode of episodes) labelsOf(episode);
  });
  const lbfgs = python.side("lbfgs", "fit", { ...asked, solver: "lbfgs" });
  const sides = [runner, composed, lbfgs];
  if (js) sides.push(runnerSide("js", data, { ways, shots, episodes: count }, "js"));
  let chosen = "";
  let tried = "";
  if (fastest && bench.wants("episode-fastest")) {
    const times: [string, number][] = [];
    for (const solver of ["lbfgs", ...solvers]) {
      const { seconds } = await python.ask<{ seconds: number }>("fit", { ...asked, episodes: 2, solver });
      times.push([solver, seconds]);
    }
    times.sort((a, b) => a[1] - b[1]);
    chosen = times[0][0];
    tried = `fastest of ${times.map(([solver]) => solver).join(" < ")}`;
    sides.push(python.side(chosen, "fit", { ...asked, solver: chosen }));
    sides.push(python.side(`${chosen}32`, "fit", { ...asked, solver: chosen, storage: "single" }));
  }
  const spreads = await interleave(sides, { seconds: bench.quick ? 0.5 : fastest ? 7 : 4, rounds: bench.quick ? 2 : 7 });
  const of = (label: string) => spreads[sides.findIndex((side) => side.label === label)];
  const results = [
    pair({ name: "episode", case: title, target, note: agrees }, of("runner"), "scikit-learn lbfgs", of("lbfgs")),
    pair(
      { name: "episode-public", case: title, target: goal, note: "fitSoftmax + predict" },
      of("public"),
      "scikit-learn lbfgs",
      of("lbfgs"),
    ),
  ];
  if (js)
    results.push(pair({ name: "episode-js", case: title, target: js, note: 'kernels: "js"' }, of("js"), "scikit-learn lbfgs", of("lbfgs")));
  if (chosen) {
    const row = { name: "episode-fastest", case: title, target: fastest };
    results.push(pair({ ...row, note: tried }, of("runner"), `scikit-learn ${chosen}`, of(chosen)));
    results.push(
      pair({ ...row, note: "the peer in single precision" }, of("runner"), `scikit-learn ${chosen}, float32`, of(`${chosen}32`)),
    );
  }
  await python.ask("forget", { task: "episode" });
  return results;
}

export const episodeRoom: Room = {
  names: ["episode", "episode-public", "episode-js", "episode-fastest"],
  async run(bench) {
    const results: Result[] = [];
    for (const one of cases) results.push(...(await measure(bench, one)));
    return results;
  },
};
