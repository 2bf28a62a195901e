import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { argsortDescending } from "../src/core/argsort.ts";
import { pairImportance } from "../src/importance/pairImportance.ts";
import { writeNpy } from "../src/io/writeNpy.ts";
import { prepareCurve } from "../src/plan/prepareCurve.ts";
import { curveScore } from "../src/score/curveScore.ts";
import { classStatistics } from "../src/statistics/classStatistics.ts";
import { benchFeatures, joined, sampleEpisodes, writeTask } from "./data.ts";
import { interleave, pair, type Result, repeated } from "./measure.ts";
import type { Room } from "./room.ts";

const queries = 15;
/** So many shares from 1 % to all, evenly spaced in their logarithm. */
const sharesOf = (points: number): number[] =>
  Array.from({ length: points }, (_, i) => (i === points - 1 ? 1 : 0.01 ** (1 - i / (points - 1))));

const cases = [
  { ways: 5, shots: 5, dims: 640, count: 4, target: [45, 120] },
  { ways: 5, shots: 5, dims: 2048, count: 3, target: [90, 300] },
  { ways: 20, shots: 5, dims: 1280, count: 1, target: [15, 60] },
  { ways: 10, shots: 100, dims: 512, count: 1, points: 7, rowsPerClass: 160, target: [4, 12] },
] as const;

/** A redundancy curve of 20 points against 20 scikit-learn fits on the same masked and renormalised features. */
export const curveRoom: Room = {
  names: ["curve"],
  async run(bench) {
    const { python } = bench;
    const results: Result[] = [];
    if (!python) return results;
    for (const one of cases) {
      const { ways, shots, dims, count, target } = one;
      const { points, rowsPerClass } = { points: 20, rowsPerClass: 40, ...one };
      const fractions = sharesOf(points);
      const data = benchFeatures({ dims, rowsPerClass });
      const episodes = sampleEpisodes(data.index, { ways, shots, queries, seed: 7 }, count);
      const folder = writeTask(join(bench.folder, "curve"), data, episodes);
      const { means, variances } = classStatistics(data.features, data.index);
      const orders = episodes.map(({ classes }) => {
        const take = (values: Float64Array) =>
          Float64Array.from({ length: ways * dims }, (_, i) => values[classes[Math.floor(i / dims)] * dims + (i % dims)]);
        return argsortDescending(
          pairImportance({
            counts: new Float64Array(ways).fill(data.labels.length / data.index.classes.length),
            means: take(means),
            variances: take(variances),
            cols: dims,
          }),
        );
      });
      writeFileSync(
        join(folder, "orders.npy"),
        writeNpy({ data: joined(orders.map((order) => Int32Array.from(order))), shape: [count, dims] }),
      );
      await python.ask("load", { task: "curve", folder, episodes: true, orders: true });

      const settings = { ways, shots, queries, seed: 7, episodes: count, importance: "pair@oracle", fractions };
      const plan = prepareCurve("bench", data.features, data.labels, settings);
      const score = curveScore(plan);
      const correct = new Int32Array(score.width);
      const asked = { task: "curve", episodes: count, dimensions: plan.dimensions };
      const { counts } = await python.ask<{ counts: number[][] }>("curve", asked);
      let apart = 0;
      counts.forEach((row, e) => {
        score.count(e, correct);
        row.forEach((value, i) => {
          apart += Math.abs(value - correct[i]);
        });
      });
      const sides = [
        repeated("ours", count, () => {
          for (let e = 0; e < count; e++) score.count(e, correct);
        }),
        python.side("theirs", "curve", asked),
      ];
      const [ours, theirs] = await interleave(sides, { seconds: bench.quick ? 0.5 : 6, rounds: bench.quick ? 2 : 6 });
      const note = `correct predictions apart: ${apart} of ${count * points * ways * queries}`;
      results.push(
        pair(
          { name: "curve", case: `${points} points, ${ways}-way ${shots}-shot, d = ${dims}`, target, note },
          ours,
          `${points} scikit-learn lbfgs fits`,
          theirs,
        ),
      );
      await python.ask("forget", { task: "curve" });
    }
    return results;
  },
};
