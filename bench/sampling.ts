import { join } from "node:path";
import { episodeSampler } from "../src/episodes/sampleEpisode.ts";
import { benchFeatures, writeTask } from "./data.ts";
import { interleave, pair, type Result, repeated } from "./measure.ts";
import type { Room } from "./room.ts";

/** Episode sampling against a numpy loop: classes, then rows within them, without replacement. */
export const samplingRoom: Room = {
  names: ["sampling"],
  async run(bench) {
    const { python } = bench;
    const results: Result[] = [];
    if (!python) return results;
    const data = benchFeatures({ dims: 4, classes: 64, rowsPerClass: 600 });
    await python.ask("load", { task: "sampling", folder: writeTask(join(bench.folder, "sampling"), data, []), statistics: true });
    for (const [ways, shots] of [
      [5, 1],
      [5, 5],
    ]) {
      const options = { ways, shots, queries: 15, seed: 7 };
      const { sample } = episodeSampler(data.index, options);
      const asked = { task: "sampling", ...options, episodes: 300 };
      const time = async (by: string) => (await python.ask<{ seconds: number }>("sampling", { ...asked, by })).seconds;
      const by = (await time("choice")) < (await time("permutation")) ? "choice" : "permutation";
      const sides = [
        repeated("ours", 1000, () => {
          for (let e = 0; e < 1000; e++) sample(e);
        }),
        python.side("theirs", "sampling", { ...asked, by }),
      ];
      const [ours, theirs] = await interleave(sides, { seconds: bench.quick ? 0.3 : 3 });
      const row = {
        name: "sampling",
        case: `${ways}-way ${shots}-shot of 64 classes × 600 rows`,
        target: [10, 30] as const,
        note: `numpy by ${by}`,
      };
      results.push(pair(row, ours, "a numpy loop", theirs));
    }
    await python.ask("forget", { task: "sampling" });
    return results;
  },
};
