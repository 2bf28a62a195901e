import { indexLabels } from "../src/core/labels.ts";
import { sampleEpisode } from "../src/episodes/sampleEpisode.ts";
import { evaluate } from "../src/evaluate/evaluate.ts";
import { syntheticFeatures } from "../src/features/syntheticFeatures.ts";
import { takeRowsInto } from "../src/features/takeRows.ts";
import { fitProbe } from "../src/pipeline/fitProbe.ts";
import { predict } from "../src/probe/predict.ts";
import { cpuSeconds, interleave, pair, type Result, repeated } from "./measure.ts";
import type { Bench, Room } from "./room.ts";

/** The same episodes by the functions that a user composes, and by evaluate: what composing costs. */
async function composed(bench: Bench, shots: number, mask: string): Promise<Result> {
  const given = syntheticFeatures({ classes: 20, rowsPerClass: 40, dims: 640, views: 8, seed: 1 });
  const { features, labels } = given;
  const augmented = given.augmented!;
  const index = indexLabels(labels);
  const task = { ways: 5, shots, queries: 15, seed: 3 };
  const episodes = bench.quick ? 10 : 60;
  const views = mask.includes("@augmented");
  // Memory for the rows of one episode after another.
  const room = (rows: number) => new Float32Array(rows * features.cols);
  const [supportRoom, queryRoom] = [room(task.ways * shots), room(task.ways * task.queries)];
  const byHand = (): readonly number[] =>
    Array.from({ length: episodes }, (_, e) => {
      const { support, supportLabels, query, queryLabels } = sampleEpisode(index, task, e);
      const own = views ? { augmented: { ...augmented, rows: support } } : {};
      const probe = fitProbe(takeRowsInto(supportRoom, features, support), supportLabels, { mask, C: 1, ...own });
      return predict(probe, takeRowsInto(queryRoom, features, query)).reduce<number>(
        (sum, way, i) => sum + Number(way === queryLabels[i]),
        0,
      );
    });
  const engine = () => evaluate(features, labels, { ...task, episodes, masks: [mask], C: 1, augmented, perEpisode: true });
  const [ours, theirs] = [byHand(), (await engine()).results[0].perEpisode!.map(({ correct }) => correct)];
  const apart = ours.filter((count, e) => count !== theirs[e]).length;
  const sides = [
    repeated("by hand", episodes, byHand),
    {
      label: "evaluate",
      async run() {
        const start = cpuSeconds();
        await engine();
        return (cpuSeconds() - start) / episodes;
      },
    },
  ];
  const [hand, whole] = await interleave(sides, { seconds: bench.quick ? 0.5 : 5 });
  const row = { name: "byHand", case: `5-way ${shots}-shot, d = 640, ${mask}, fitProbe + predict`, target: [1 / 2, 1 / 1.2] as const };
  return pair({ ...row, note: `${apart} of ${episodes} episodes count otherwise` }, hand, "evaluate", whole);
}

/** By hand against evaluate: 0.5 is twice its time. */
export const byHandRoom: Room = {
  names: ["byHand"],
  async run(bench) {
    return [await composed(bench, 5, "pair@augmented/power:0.5"), await composed(bench, 1, "none")];
  },
};
