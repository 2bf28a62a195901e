import type { Matrix } from "../core/matrix.ts";
import type { RowLoops } from "../kernels/rowLoops.ts";
import { logDensities } from "./pldaScores.ts";
import type { Head } from "./probe.ts";
import type { Step } from "./steps.ts";

/** What l2, a mask and l2 again come to: each column times its weight, and then the row to norm 1 or not. */
interface Rescaling {
  readonly mask: Float64Array | null;
  readonly unit: boolean;
}

const chains = ["", "l2", "mask", "mask l2", "l2 mask l2"];

/** The steps as a rescaling; null where they are more than that. */
export function rescalingOf(steps: readonly Step[]): Rescaling | null {
  const chain = steps.map((step) => (step.kind === "l2" && step.weights ? "weighted l2" : step.kind)).join(" ");
  if (!chains.includes(chain)) return null;
  const mask = steps.find((step) => step.kind === "mask");
  return { mask: mask?.weights ?? null, unit: chain.endsWith("l2") };
}

/** Squares of norms between which products and their factors are as good as those of rows that were scaled first. */
const [least, most] = [1e-280, 1e280];

/**
 * Scores of rows that are rescaled and then given to a head, without making those rows: the weights are masked instead, and products are divided by the norms, as an
 * evaluation does. null where a rescaled row is not finite or of no ordinary size: the steps one by one then say what is wrong, or do well.
 *
 * @param features - n × d
 * @param rescaling - `rescalingOf` a probe's steps; null: rows as they are
 */
export function headScores(head: Head, features: Matrix, loops: RowLoops, rescaling: Rescaling | null = null): Float64Array | null {
  if (head.kind === "plda") return rescaling ? null : logDensities(head, features);
  const { mask, unit } = rescaling ?? { mask: null, unit: false };
  const { rows: n, cols } = features;
  const k = head.classes.length;
  const isCentroid = head.kind === "centroid";
  const isCosine = head.kind === "cosine";
  const weights = isCentroid ? head.centroids : isCosine ? head.directions : head.coef;
  const masked = mask ? weights.map((value, at) => value * mask[at % cols]) : weights;
  const squared = mask?.map((value) => value * value) ?? null;
  const { products: out, squares } = loops.score(features, masked, k, unit || isCentroid || isCosine ? squared : undefined);
  const halves = new Float64Array(k);
  if (isCentroid)
    weights.forEach((value, at) => {
      halves[Math.floor(at / cols)] += (value * value) / 2;
    });
  for (let i = 0; i < n; i++) {
    const size = squares ? squares[i] : 1;
    const zero = size === 0;
    if (rescaling && !zero && !(size > least && size < most)) return null;
    const factor = (unit || isCosine) && !zero ? 1 / Math.sqrt(size) : 1;
    const half = zero ? 0 : unit ? 0.5 : size / 2;
    for (let c = 0, at = i * k; c < k; c++, at++) {
      if (rescaling && (out[at] - out[at] !== 0 || (zero && out[at] !== 0))) return null;
      if (isCosine) out[at] = zero ? 0 : out[at] * factor;
      else if (isCentroid) out[at] = out[at] * factor - halves[c] - half;
      else out[at] = out[at] * factor + head.intercept[c];
    }
  }
  return out;
}
