import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { evaluate } from "../src/evaluate/evaluate.ts";
import { redundancyCurve } from "../src/evaluate/redundancyCurve.ts";
import { threads } from "../src/node/threads.ts";
import { benchFeatures } from "./data.ts";
import { interleave, pair, type Side, seconds } from "./measure.ts";
import type { Room } from "./room.ts";

/** Two worker threads against one, by the clock: the only rows where processor time would say nothing. */
export const workersRoom: Room = {
  names: ["workers"],
  async run(bench) {
    const workerFile = pathToFileURL(join(process.cwd(), "dist", "worker.js"));
    const episodes = bench.quick ? 200 : 9600;
    const data = benchFeatures({ dims: 1280, views: 8 });
    const masks = ["none", "pair@oracle/top:0.02", "pair@augmented/power:0.5", "wiener@augmented+base/power:1"];
    const evaluation = { episodes, masks, probes: ["softmax", "centroid"] as const, augmented: data.augmented };
    const curve = { episodes, shots: 5 };
    const side = (label: string, work: () => Promise<unknown>): Side => ({
      label,
      async run() {
        const start = seconds();
        await work();
        return seconds() - start;
      },
    });
    const sides = [1, 2].flatMap((workers) => [
      side(`evaluate ${workers}`, () => evaluate(data.features, data.labels, { ...evaluation, on: threads(workers, { workerFile }) })),
      side(`curve ${workers}`, () => redundancyCurve(data.features, data.labels, { ...curve, on: threads(workers, { workerFile }) })),
    ]);
    const [one, oneCurve, two, twoCurve] = await interleave(sides, { seconds: bench.quick ? 1 : 15, rounds: bench.quick ? 2 : 3 });
    const row = { name: "workers", unit: "seconds", target: [1.6, 1.9] as const, note: "by the clock, loading and statistics included" };
    return [
      pair({ ...row, case: `evaluate, 4 masks × 2 probes, d = 1280, ${episodes} episodes` }, two, "one worker", one),
      pair({ ...row, case: `redundancyCurve, 7 points, d = 1280, ${episodes} episodes` }, twoCurve, "one worker", oneCurve),
    ];
  },
};
