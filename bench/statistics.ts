import { join } from "node:path";
import { episodeImportance } from "../src/estimate/episodeImportance.ts";
import { loadSpace } from "../src/estimate/featureSpace.ts";
import { pairImportance } from "../src/importance/pairImportance.ts";
import { createKernels } from "../src/kernels/createKernels.ts";
import { classStatistics } from "../src/statistics/classStatistics.ts";
import { benchFeatures, sampleEpisodes, writeTask } from "./data.ts";
import { interleave, pair, type Result, repeated } from "./measure.ts";
import type { Python } from "./python.ts";
import type { Bench, Room } from "./room.ts";

const apart = (ours: ArrayLike<number>, theirs: readonly number[]) =>
  theirs.reduce((most, value, j) => Math.max(most, Math.abs(value - ours[j]) / Math.abs(value)), 0).toExponential(0);

/** The statistics of a whole feature set and the importance of all pairs of its classes. */
async function wholeSet(bench: Bench, python: Python): Promise<Result> {
  const [classes, rows, dims] = [64, bench.quick ? 60 : 600, 640];
  const data = benchFeatures({ dims, classes, rowsPerClass: rows });
  await python.ask("load", { task: "statistics", folder: writeTask(join(bench.folder, "statistics"), data, []), statistics: true });
  const variants: [string, number, number[]][] = [];
  for (const variant of ["einsum", "blas", "mean and var"]) {
    const { seconds, head } = await python.ask<{ seconds: number; head: number[] }>("statistics", { task: "statistics", variant, rows });
    variants.push([variant, seconds, head]);
  }
  variants.sort((a, b) => a[1] - b[1]);
  const [variant, , head] = variants[0];
  let importance: ArrayLike<number> = [];
  const sides = [
    repeated("ours", 1, () => {
      importance = pairImportance(classStatistics(data.features, data.index));
    }),
    python.side("theirs", "statistics", { task: "statistics", variant, rows }),
  ];
  const [ours, theirs] = await interleave(sides, { seconds: bench.quick ? 0.5 : 6, rounds: bench.quick ? 2 : 7 });
  await python.ask("forget", { task: "statistics" });
  const note = `numpy by ${variant}, the fastest of ${variants.length} ways; relative difference ${apart(importance, head)}`;
  return pair(
    { name: "statistics", case: `${classes} classes × ${rows} rows, d = ${dims}, all pairs`, unit: "seconds", target: [2, 6], note },
    ours,
    "numpy",
    theirs,
  );
}

/** The importance that one episode's support and views give, as `evaluate` computes it. */
async function oneEpisode(bench: Bench, python: Python, shots: number, target?: readonly [number, number]): Promise<Result> {
  const [ways, views, dims, count] = [5, 8, 640, 50];
  const data = benchFeatures({ dims, views });
  const episodes = sampleEpisodes(data.index, { ways, shots, queries: 15, seed: 7 }, count);
  await python.ask("load", {
    task: "importance",
    folder: writeTask(join(bench.folder, "importance"), data, episodes),
    episodes: true,
    views,
  });
  const kernels = createKernels();
  const space = loadSpace(kernels, {
    features: data.features,
    index: data.index,
    augmented: data.augmented ?? null,
    base: null,
    statistics: "l2",
  });
  const importance = episodeImportance(kernels, space, {
    caller: "bench",
    seed: 7,
    priorDegrees: 24,
    most: { support: ways * shots, ways },
  });
  let values: ArrayLike<number> = [];
  const asked = { task: "importance", episodes: count };
  const sides = [
    repeated("ours", count, () => {
      for (const episode of episodes) {
        importance.start(episode);
        values = importance.of("pair", "augmented");
      }
    }),
    python.side("theirs", "episode_importance", asked),
  ];
  const [ours, theirs] = await interleave(sides, { seconds: bench.quick ? 0.3 : 3 });
  const { head } = await python.ask<{ head: number[] }>("episode_importance", asked);
  await python.ask("forget", { task: "importance" });
  const note = `pair@augmented; relative difference ${apart(values, head)}`;
  return pair(
    {
      name: "importance",
      case: `one episode: ${ways} ways, ${ways * shots} support rows with ${views} views each, d = ${dims}`,
      target,
      note,
    },
    ours,
    "numpy",
    theirs,
  );
}

export const statisticsRoom: Room = {
  names: ["statistics", "importance"],
  async run(bench) {
    const { python } = bench;
    const results: Result[] = [];
    if (!python) return results;
    if (bench.wants("statistics")) results.push(await wholeSet(bench, python));
    if (bench.wants("importance")) results.push(await oneEpisode(bench, python, 1, [3, 8]), await oneEpisode(bench, python, 5, [3, 8]));
    return results;
  },
};
