import type { Matrix } from "../src/core/matrix.ts";
import { takeRows } from "../src/features/takeRows.ts";
import { leaveOneOut } from "../src/heldout/leaveOneOut.ts";
import { fitSoftmax } from "../src/probe/fitSoftmax.ts";
import { decisionFunction } from "../src/probe/predict.ts";
import { benchFeatures, sampleEpisodes } from "./data.ts";
import { interleave, pair, type Result, repeated } from "./measure.ts";
import type { Bench, Room } from "./room.ts";

const C = 1;

/** Held-out logits by n calls of `fitSoftmax`, each on all rows but one. */
function retrain(train: Matrix, labels: Int32Array, ways: number): Float64Array {
  const n = labels.length;
  const out = new Float64Array(n * ways);
  for (let i = 0; i < n; i++) {
    const kept = Int32Array.from({ length: n - 1 }, (_, j) => (j < i ? j : j + 1));
    const head = fitSoftmax(
      takeRows(train, kept),
      Int32Array.from(kept, (j) => labels[j]),
      { C },
    );
    out.set(decisionFunction(head, takeRows(train, Int32Array.of(i))).data, i * ways);
  }
  return out;
}

async function one(bench: Bench, ways: number, shots: number, dims: number): Promise<Result> {
  const { features, index } = benchFeatures({ dims });
  const [{ support, supportLabels }] = sampleEpisodes(index, { ways, shots, queries: 15, seed: 7 }, 1);
  const train = takeRows(features, support);
  const wanted = retrain(train, supportLabels, ways);
  const { logits } = leaveOneOut(train, supportLabels, { C });
  const apart = wanted.reduce((most, value, j) => Math.max(most, Math.abs(value - logits.data[j])), 0);
  const [ours, theirs] = await interleave(
    [
      repeated("ours", 1, () => {
        leaveOneOut(train, supportLabels, { C });
      }),
      repeated("theirs", 1, () => {
        retrain(train, supportLabels, ways);
      }),
    ],
    { seconds: bench.quick ? 0.3 : 2 },
  );
  const row = {
    name: "leave-one-out",
    case: `${ways}-way ${shots}-shot (n = ${ways * shots}), d = ${dims}`,
    unit: "seconds",
    target: [5, 20] as const,
    note: `logits differ by at most ${apart.toExponential(1)}`,
  };
  return pair(row, ours, "n retrainings by fitSoftmax", theirs);
}

/** Leave-one-out against the n retrainings that it equals. */
export const leaveOneOutRoom: Room = {
  names: ["leave-one-out"],
  async run(bench) {
    const results = [await one(bench, 5, 5, 640), await one(bench, 5, 5, 1280)];
    if (!bench.quick) results.push(await one(bench, 20, 5, 640));
    return results;
  },
};
