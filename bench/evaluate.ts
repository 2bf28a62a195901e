import { join } from "node:path";
import { evaluate } from "../src/evaluate/evaluate.ts";
import { benchFeatures, sampleEpisodes, writeTask } from "./data.ts";
import { cpuSeconds, interleave, pair } from "./measure.ts";
import type { Room } from "./room.ts";

const masks = [
  "none",
  "pair@oracle/top:0.02",
  "pair@oracle/power:1",
  "pair@augmented/top:0.02",
  "pair@augmented/power:0.5",
  "wiener@augmented+base/power:1",
];
const probes = ["softmax", "centroid"] as const;

/** A whole evaluation, from features to intervals, against the same in numpy and scikit-learn: a dozen episodes there, extrapolated. */
export const evaluateRoom: Room = {
  names: ["evaluate"],
  async run(bench) {
    const { python } = bench;
    if (!python) return [];
    const [ways, shots, queries, views, episodes, few] = [5, 1, 15, 8, bench.quick ? 100 : 600, bench.quick ? 4 : 12];
    const data = benchFeatures({ dims: 1280, views });
    const folder = writeTask(join(bench.folder, "evaluate"), data, sampleEpisodes(data.index, { ways, shots, queries, seed: 7 }, few));
    await python.ask("load", { task: "evaluate", folder, episodes: true, views });
    const options = { ways, shots, queries, seed: 7, masks, probes, augmented: data.augmented };
    const asked = { task: "evaluate", episodes: few, of: episodes };
    const { counts } = await python.ask<{ counts: number[][] }>("evaluate", asked);
    const { results } = await evaluate(data.features, data.labels, { ...options, episodes: few, perEpisode: true });
    let apart = 0;
    results.forEach(({ perEpisode }, r) => {
      perEpisode?.forEach((one, e) => {
        apart += Math.abs(one.correct - counts[e][r]);
      });
    });
    const sides = [
      {
        label: "ours",
        async run() {
          const start = cpuSeconds();
          await evaluate(data.features, data.labels, { ...options, episodes });
          return cpuSeconds() - start;
        },
      },
      python.side("theirs", "evaluate", asked),
    ];
    const [ours, theirs] = await interleave(sides, { seconds: bench.quick ? 1 : 8, rounds: bench.quick ? 2 : 5 });
    await python.ask("forget", { task: "evaluate" });
    const note = `theirs extrapolated from ${few} episodes; correct predictions apart: ${apart} of ${few * 12 * ways * queries}`;
    const row = {
      name: "evaluate",
      case: `${ways}-way ${shots}-shot, d = 1280, 6 masks × 2 probes, ${episodes} episodes`,
      unit: "seconds",
    };
    return [pair({ ...row, target: [30, 100], note }, ours, "numpy + scikit-learn, extrapolated", theirs)];
  },
};
