import { checkOptions } from "../core/checkOptions.ts";
import { valueError } from "../core/errors.ts";
import { indexLabels, type Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { type OptionsOf, readOptions } from "../core/option.ts";
import { takeRows } from "../features/takeRows.ts";
import { calibrationOptions } from "../plan/optionTable.ts";
import { choosePenalty, type PenaltyChoice } from "../probe/choosePenalty.ts";
import { fitTemperature } from "../probe/fitTemperature.ts";
import { hitsOfRows, logLossOfRows } from "../probe/heldOutLoss.ts";
import { leaveOneOut } from "../probe/leaveOneOut.ts";
import { decisionFunction } from "../probe/predict.ts";
import type { Probe } from "../probe/probe.ts";
import { rejectionScore } from "../probe/rejectionScore.ts";
import { rejectionThreshold } from "../statistics/rejectionThreshold.ts";
import { type PreparedProbe, type ProbeOptions, prepareProbe, probeOptionNames } from "./prepareProbe.ts";

export interface CalibratedOptions extends Omit<ProbeOptions, "C">, OptionsOf<typeof calibrationOptions> {}

/** What a probe's head says of each row when it was trained without it. */
export interface HeldOutRows {
  /** n × k scores, before the temperature, columns by the head's classes. */
  readonly scores: Matrix;
  /** n: each row's class by column. */
  readonly codes: Int32Array;
  /** Share of rows predicted right, 0 … 1. */
  readonly accuracy: number;
  /** Mean −ln p(own class), by the probe's temperature. */
  readonly logLoss: number;
}

/** A probe, and what its settings were chosen by. */
export interface CalibratedProbe {
  readonly probe: Probe;
  /** null where C was given. */
  readonly penalty: PenaltyChoice | null;
  /** null where neither temperature nor coverage asks for it. */
  readonly heldOut: HeldOutRows | null;
}

const caller = "fitCalibratedProbe";

/** Held-out scores of the n rows themselves, their views left out with them. */
function holdOut({ probe, rows, labels, weights, sources, train, kernels }: PreparedProbe, C: number, n: number): Matrix {
  const { classes, codes, starts } = indexLabels(labels.slice(0, n));
  const k = classes.length;
  const rare = classes.findIndex((_, c) => starts[c + 1] - starts[c] < 2);
  if (rare >= 0)
    throw valueError(
      caller,
      "labels",
      `has class ${String(classes[rare])} in 1 row`,
      "at least 2: without its only example nothing is known of a class, so at 1 shot there is no leave-one-out",
    );
  if (probe === "softmax") {
    const { logits } = leaveOneOut(rows, labels, { C, groups: sources, balanced: true, sampleWeight: weights, kernels });
    return { data: logits.data.slice(0, n * k), rows: n, cols: k };
  }
  const data = new Float64Array(n * k);
  for (let i = 0; i < codes.length; i++) {
    const kept = Array.from(sources.keys()).filter((row) => sources[row] !== i);
    const head = train(
      takeRows(rows, kept),
      kept.map((row) => labels[row]),
      weights && Float64Array.from(kept, (row) => weights[row]),
      C,
    );
    data.set(decisionFunction(head, takeRows(rows, [i])).data, i * k);
  }
  return { data, rows: n, cols: k };
}

/**
 * `fitProbe`, with C, temperature and the threshold of rejection chosen from the support itself, by leaving out each row (with its views) in turn: no
 * validation set is needed, but two rows a class are.
 *
 * What is left out is left out of the head alone: basis and mask are fitted once, to all rows, as they are for answers. Where they look at the support's labels
 * (masks by `support`, `augmented`, `augmented+base` and `posterior`) held-out rows therefore look a little better than new ones will; masks by `prior`, bases fitted to base
 * classes, and none, have not seen them.
 *
 * @param features - n × d support rows, finite
 * @param labels - n labels of at least two classes, two rows each where something is to be chosen
 * @param options - those of `fitProbe`; C and temperature may be `"leaveOneOut"`; coverage, rejectBy
 * @returns the probe, the path of C, and held-out scores
 * @throws RangeError or TypeError as `fitProbe`, `choosePenalty` and `leaveOneOut`; when C is to be chosen for a probe that has none
 * @see Guo et al., ICML 2017 (temperature); Vovk et al. 2005 (coverage)
 * @example
 * ```ts
 * import { classify, fitCalibratedProbe, syntheticFeatures } from "softprobe";
 *
 * const { features, labels } = syntheticFeatures({ classes: 4, rowsPerClass: 10, dims: 40, seed: 1 });
 * const { probe, heldOut } = fitCalibratedProbe(features, labels, { C: "leaveOneOut", temperature: "leaveOneOut", coverage: 0.9 });
 * console.log(probe.rejection?.by, heldOut!.scores.rows, classify(probe, features).rejected.length); // → probability 40 40
 * ```
 */
export function fitCalibratedProbe(features: Matrix, labels: Labels, options: CalibratedOptions = {}): CalibratedProbe {
  checkOptions(options, caller, ...probeOptionNames, calibrationOptions);
  const { C: _, temperature: _temperature, coverage: _coverage, rejectBy: _rejectBy, ...rest } = options;
  const { C: asked, temperature: wanted, coverage, rejectBy } = readOptions(calibrationOptions, options, caller);
  const [choosesC, fitsTemperature] = [asked === "leaveOneOut", wanted === "leaveOneOut"];
  if (coverage === undefined && rejectBy !== undefined)
    throw valueError(caller, "rejectBy", `is "${rejectBy}" without coverage`, "coverage, or neither");
  const prepared = prepareProbe(caller, features, labels, { ...rest, C: choosesC ? undefined : (asked as number) });
  const { rows, labels: names, weights, sources, kernels, train, complete } = prepared;
  if (choosesC && prepared.probe !== "softmax")
    throw valueError(caller, "C", `is to be chosen for the ${prepared.probe} probe`, "the softmax probe: no other has one");

  const penalty = choosesC ? choosePenalty(rows, names, { groups: sources, sampleWeight: weights, kernels }) : null;
  const C = penalty?.C ?? prepared.C;
  const probe = complete(train(rows, names, weights, C), C);
  const n = features.rows;
  const scores = fitsTemperature || coverage !== undefined ? holdOut(prepared, C, n) : null;
  const codes = indexLabels(labels).codes;
  const temperature = fitsTemperature ? fitTemperature(scores!, codes, { sampleWeight: options.sampleWeight }) : (wanted as number);
  const by = rejectBy ?? (prepared.probe === "softmax" ? "probability" : "score");
  const scaled = scores && { ...scores, data: scores.data.map((value) => value / temperature) };
  const rejection =
    coverage === undefined ? null : { by, threshold: rejectionThreshold(rejectionScore(scaled!, { by }), { targetCoverage: coverage }) };
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / n;
  const k = scores?.cols ?? 0;
  const heldOut = scores && {
    ...{ scores, codes },
    accuracy: mean(hitsOfRows(scores.data, codes, k)),
    logLoss: mean(logLossOfRows(scores.data, codes, k, 1 / temperature)),
  };
  const chosen = { C: choosesC, temperature: fitsTemperature, coverage: coverage ?? null };
  const { provenance } = probe;
  const noted =
    provenance && (penalty || heldOut) ? { ...provenance, options: { ...provenance.options, leaveOneOut: chosen } } : provenance;
  return { probe: { ...probe, temperature, rejection, provenance: noted }, penalty, heldOut };
}
