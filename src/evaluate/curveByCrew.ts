import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { type CurveOptions, prepareCurve } from "../plan/prepareCurve.ts";
import { type Crew, countByCrew } from "../run/countByCrew.ts";
import type { ProgressOptions } from "../run/slices.ts";
import { summariseCurve, waysIn } from "./redundancyCurve.ts";
import type { MeasuredCurve } from "./results.ts";

/** `redundancyCurve` by workers: the same document to the byte. */
export async function curveByCrew(
  crew: Crew,
  features: Matrix,
  labels: Labels,
  options: CurveOptions & ProgressOptions,
): Promise<MeasuredCurve> {
  const { prepared, counts } = await countByCrew(crew, "curve", options, () => prepareCurve(features, labels, options));
  return summariseCurve({ ...prepared, waysOf: waysIn(prepared) }, counts);
}
