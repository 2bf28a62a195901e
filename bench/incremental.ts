import { takeRows } from "../src/features/takeRows.ts";
import { addExamples } from "../src/incremental/addExamples.ts";
import { incrementalHead } from "../src/incremental/incrementalHead.ts";
import { incrementalSoftmax } from "../src/incremental/incrementalSoftmax.ts";
import { removeExamples } from "../src/incremental/removeExamples.ts";
import { fitSoftmax, type SoftmaxHead } from "../src/probe/fitSoftmax.ts";
import { benchFeatures } from "./data.ts";
import { interleave, pair, type Result, repeated } from "./measure.ts";
import type { Bench, Room } from "./room.ts";

/** The largest difference between two heads' coefficients, as a share of the largest coefficient. */
function apart(a: SoftmaxHead, b: SoftmaxHead): number {
  const largest = b.coef.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return a.coef.reduce((most, value, i) => Math.max(most, Math.abs(value - b.coef[i])), 0) / largest;
}

async function one(bench: Bench, classes: number, rows: number, dims: number): Promise<readonly Result[]> {
  const { features, labels } = benchFeatures({ dims, classes, rowsPerClass: rows / classes });
  const first = Array.from({ length: rows - 1 }, (_, i) => i);
  const [before, row] = [takeRows(features, first), takeRows(features, [rows - 1])];
  const known = addExamples(incrementalSoftmax(dims), before, labels.subarray(0, rows - 1));
  const all = addExamples(known, row, labels.subarray(rows - 1));
  const note = `coefficients differ by at most ${apart(incrementalHead(all), fitSoftmax(features, labels)).toExponential(1)} of the largest`;
  const [add, remove, whole, theirs] = await interleave(
    [
      repeated("add", 1, () => {
        addExamples(known, row, labels.subarray(rows - 1));
      }),
      repeated("remove", 1, () => {
        removeExamples(all, [rows - 1]);
      }),
      repeated("head", 1, () => {
        incrementalHead(addExamples(known, row, labels.subarray(rows - 1)));
      }),
      repeated("theirs", 1, () => {
        fitSoftmax(features, labels);
      }),
    ],
    { seconds: bench.quick ? 0.5 : 3 },
  );
  const settings = `n = ${rows}, ${classes} classes, d = ${dims}`;
  const shared = { name: "incremental", unit: "seconds", target: [10, 20] as const };
  return [
    pair({ ...shared, case: `add one, ${settings}`, note }, add, "fitSoftmax on all", theirs),
    pair({ ...shared, case: `remove one, ${settings}` }, remove, "fitSoftmax on all", theirs),
    pair({ ...shared, target: undefined, case: `add one, and all coefficients, ${settings}` }, whole, "fitSoftmax on all", theirs),
  ];
}

/** One example more or less against the fit from scratch that it equals. */
export const incrementalRoom: Room = {
  names: ["incremental"],
  async run(bench) {
    const results = [...(await one(bench, 5, 50, 1280))];
    if (!bench.quick) results.push(...(await one(bench, 2, 50, 1280)), ...(await one(bench, 10, 50, 1280)));
    return results;
  },
};
