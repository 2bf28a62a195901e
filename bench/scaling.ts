import { evaluate } from "../src/evaluate/evaluate.ts";
import { benchFeatures } from "./data.ts";
import { runnerSide } from "./episode.ts";
import { cpuSeconds, interleave, pair, type Result, type Side, type Spread } from "./measure.ts";
import type { Bench, Room } from "./room.ts";

async function double(
  bench: Bench,
  what: string,
  sizes: readonly number[],
  sides: readonly Side[],
  unit: string,
): Promise<readonly Result[]> {
  const spreads = await interleave(sides, { seconds: bench.quick ? 0.3 : 4 });
  const twice = ({ min, median }: Spread) => ({ min: 2 * min, median: 2 * median });
  return sizes
    .slice(1)
    .map((size, i) =>
      pair({ name: "linear", case: `${what} ${sizes[i]} → ${size}`, unit }, spreads[i + 1], "twice the cost of half", twice(spreads[i])),
    );
}

/** Cost grows linearly in d and in episodes: doubling either costs twice as much at most, a ratio of about 1 or more. */
export const scalingRoom: Room = {
  names: ["linear"],
  async run(bench) {
    const dims = [320, 640, 1280, 2560];
    const byDims = dims.map((d) => runnerSide(String(d), benchFeatures({ dims: d }), { ways: 5, shots: 5, episodes: 50 }));
    const episodes = [150, 300, 600, 1200];
    const { features, labels } = benchFeatures({ dims: 640 });
    const byEpisodes = episodes.map((count) => ({
      label: String(count),
      async run() {
        const start = cpuSeconds();
        await evaluate(features, labels, { episodes: count, masks: ["none", "pair@oracle/power:1"] });
        return cpuSeconds() - start;
      },
    }));
    return [
      ...(await double(bench, "d", dims, byDims, "seconds an episode")),
      ...(await double(bench, "episodes", episodes, byEpisodes, "seconds")),
    ];
  },
};
