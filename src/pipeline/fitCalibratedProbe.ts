import { checkOptions } from "../core/checkOptions.ts";
import { valueError } from "../core/errors.ts";
import { type ClassName, type ClassOf, indexLabels, type Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { type OptionsOf, readOptions } from "../core/option.ts";
import { doWork, partOf, type Work } from "../core/work.ts";
import { takeRows } from "../features/takeRows.ts";
import type { PenaltyChoice } from "../heldout/choosePenalty.ts";
import { foldsOf } from "../heldout/foldsOf.ts";
import { doHeldOutWork, type HeldOutCrew, type PlacedOptions, placedOptionNames } from "../heldout/heldOutCrew.ts";
import { heldOutLogits } from "../heldout/heldOutMethod.ts";
import type { HeldOutMethod } from "../heldout/heldOutTask.ts";
import { preparingHeldOut } from "../heldout/prepareHeldOut.ts";
import { borrowKernels } from "../kernels/createKernels.ts";
import { calibrationOptions } from "../plan/optionTable.ts";
import { fitTemperature } from "../probe/fitTemperature.ts";
import { decisionFunction } from "../probe/predict.ts";
import type { Probe } from "../probe/probe.ts";
import { rejectionScore } from "../probe/rejectionScore.ts";
import { hitsOfRows, logLossOfRows } from "../statistics/logLossOfRows.ts";
import { rejectionThreshold } from "../statistics/rejectionThreshold.ts";
import { choosePipelinePenalty, type PenaltySource } from "./choosePipelinePenalty.ts";
import type { PreparedProbe } from "./preparedProbe.ts";
import { prepareProbe } from "./prepareProbe.ts";
import { type ProbeOptions, probeOptionNames } from "./probeOptions.ts";

export interface CalibratedOptions extends Omit<ProbeOptions, "C">, OptionsOf<typeof calibrationOptions> {}

/** Scores of each row by a head that was trained without it. */
export interface HeldOutRows {
  /** How rows were held out: each alone and exactly if that is cheap, else in ten folds. */
  readonly method: HeldOutMethod;
  /** n × k scores, before the temperature, columns by the head's classes. */
  readonly scores: Matrix;
  /** n: each row's class by column. */
  readonly codes: Int32Array;
  /** Share of rows predicted right, 0 … 1. */
  readonly accuracy: number;
  /** Mean −ln p(own class), by the probe's temperature. */
  readonly logLoss: number;
}

/** A probe, and the evidence for its settings. */
export interface CalibratedProbe<Label extends ClassName = ClassName> {
  readonly probe: Probe<Label>;
  /** How C came about: given, chosen by held-out rows, or the fixed value for one row a class. */
  readonly chosenBy: PenaltySource;
  /** The choice of C; null if held-out rows did not choose it. */
  readonly penalty: PenaltyChoice | null;
  /** Held-out scores; null if neither temperature nor coverage needs them. */
  readonly heldOut: HeldOutRows | null;
}

const caller = "fitCalibratedProbe";

/** Rows up to which probes other than softmax are refitted without each; beyond, without each of ten folds. */
const mostRefits = 200;

/** Held-out scores of the n rows themselves, their views left out with them. */
function* holdOut(
  named: string,
  { probe, rows, labels, weights, sources, train, kernels: choice }: PreparedProbe,
  C: number,
  n: number,
  crew: HeldOutCrew | null,
): Work<{ readonly scores: Matrix; readonly method: HeldOutMethod }> {
  const { classes, codes, starts } = indexLabels(labels.slice(0, n));
  const k = classes.length;
  const rare = classes.findIndex((_, c) => starts[c + 1] - starts[c] < 2);
  if (rare >= 0)
    throw valueError(
      named,
      "labels",
      `has class ${String(classes[rare])} in 1 row`,
      "at least 2: without its only example nothing is known of a class, so at 1 shot there is no leave-one-out",
    );
  if (probe === "softmax") {
    const { kernels, end } = borrowKernels(choice);
    try {
      const problem = yield* preparingHeldOut(kernels, rows, labels, { groups: sources, sampleWeight: weights }, named, true);
      const { logits, method } = yield* heldOutLogits(kernels, problem, C, crew);
      return { scores: { data: logits.slice(0, n * k), rows: n, cols: k }, method };
    } finally {
      end();
    }
  }
  const data = new Float64Array(n * k);
  const alone = Array.from({ length: n }, (_, i) => [i]);
  const folds = n > mostRefits ? foldsOf({ codes, k, weights: new Float64Array(n).fill(1), groups: alone }, 10, 0) : null;
  const parts = folds ?? alone;
  for (let p = 0; p < parts.length; p++) {
    const out = new Set(parts[p]);
    const kept = Array.from(sources.keys()).filter((row) => !out.has(sources[row]));
    const head = train(
      takeRows(rows, kept),
      kept.map((row) => labels[row]),
      weights && Float64Array.from(kept, (row) => weights[row]),
      C,
    );
    const scores = decisionFunction(head, takeRows(rows, parts[p])).data;
    parts[p].forEach((i, at) => {
      data.set(scores.subarray(at * k, (at + 1) * k), i * k);
    });
    yield { done: p + 1, total: parts.length };
  }
  return { scores: { data, rows: n, cols: k }, method: folds ? "folds" : "leaveOneOut" };
}

/**
 * Trains a probe as `fitProbe` does, and chooses C, temperature and rejection threshold by held-out rows of the support (each with its
 * views). It needs no validation set, but two rows a class. Small supports leave out each row in turn, exactly or by an approximation, large ones a fold at a time.
 *
 * Leave-one-out refits the head only; basis and mask stay fixed, as they were fitted to all rows. A mask from `support`, `augmented`,
 * `augmented+base` or `posterior` has therefore seen the labels of held-out rows, so these look slightly better than new rows will. Masks
 * from `prior`, bases fitted to base classes, and `none` have not.
 *
 * @param features - n × d support rows, finite
 * @param labels - n labels of at least two classes, with two rows each if something is to be chosen
 * @param options - those of `fitProbe`; C may be `"auto"` (the default), temperature `"leaveOneOut"`; coverage, rejectBy
 * @returns the probe, the path of C, and held-out scores
 * @throws RangeError or TypeError as `fitProbe`, `choosePenalty` and `leaveOneOut`
 * @see Guo et al., ICML 2017 (temperature); Vovk et al. 2005 (coverage)
 * @example
 * ```ts
 * import { classify, fitCalibratedProbe, syntheticFeatures } from "softprobe";
 *
 * const { features, labels } = syntheticFeatures({ classes: 4, rowsPerClass: 10, dims: 40, seed: 1 });
 * const { probe, heldOut } = fitCalibratedProbe(features, labels, { temperature: "leaveOneOut", coverage: 0.9 });
 * console.log(probe.rejection?.by, heldOut!.scores.rows, classify(probe, features).rejected.length); // → probability 40 40
 * ```
 */
export function fitCalibratedProbe<Given extends Labels>(
  features: Matrix,
  labels: Given,
  options: CalibratedOptions = {},
): CalibratedProbe<ClassOf<Given>> {
  checkOptions(options, caller, ...probeOptionNames, calibrationOptions);
  return doWork(calibrating(caller, features, labels, options, null)) as CalibratedProbe<ClassOf<Given>>;
}

/**
 * {@link fitCalibratedProbe} in slices of some 25 ms, for pages and servers. A slice is one step at least, such as
 * a fit, which on some hundred rows can take longer. With `on`, workers do the held-out fits that choose C, temperature and rejection threshold.
 *
 * @param features - as for `fitCalibratedProbe`
 * @param labels - as for `fitCalibratedProbe`
 * @param options - those of `fitCalibratedProbe`; on (used for the softmax probe's held-out fits), onProgress and signal
 * @returns what `fitCalibratedProbe` returns, to the bit
 * @throws as `fitCalibratedProbe`; the signal's reason when aborted; Error naming a worker that was lost
 * @example
 * ```ts
 * import { fitCalibratedProbeAsync, syntheticFeatures } from "softprobe";
 *
 * const { features, labels } = syntheticFeatures({ classes: 4, rowsPerClass: 10, dims: 40, seed: 1 });
 * const { heldOut } = await fitCalibratedProbeAsync(features, labels, { temperature: "leaveOneOut" });
 * console.log(heldOut!.method); // → leaveOneOut
 * ```
 */
export async function fitCalibratedProbeAsync<Given extends Labels>(
  features: Matrix,
  labels: Given,
  options: CalibratedOptions & PlacedOptions = {},
): Promise<CalibratedProbe<ClassOf<Given>>> {
  const named = "fitCalibratedProbeAsync";
  checkOptions(options, named, ...probeOptionNames, calibrationOptions, placedOptionNames);
  const work = (own: CalibratedOptions, crew: HeldOutCrew | null) =>
    calibrating(named, features, labels, own, { crew }) as Work<CalibratedProbe<ClassOf<Given>>>;
  return doHeldOutWork(named, options, work);
}

function* calibrating(
  named: string,
  features: Matrix,
  labels: Labels,
  options: CalibratedOptions,
  sliced: { readonly crew: HeldOutCrew | null } | null,
): Work<CalibratedProbe> {
  const { C: _, temperature: _temperature, coverage: _coverage, rejectBy: _rejectBy, ...rest } = options;
  const { C: asked, temperature: wanted, coverage, rejectBy } = readOptions(calibrationOptions, options, named);
  const fitsTemperature = wanted === "leaveOneOut";
  if (coverage === undefined && rejectBy !== undefined)
    throw valueError(named, "rejectBy", `is "${rejectBy}" without coverage`, "coverage, or neither");
  const prepared = prepareProbe(named, features, labels, { ...rest, C: asked });
  const { weights } = prepared;
  const crew = sliced?.crew ?? null;
  const held = fitsTemperature || coverage !== undefined;
  const { C, from, penalty } = yield* partOf(choosePipelinePenalty(named, prepared, null, crew), 0, held ? 0.6 : 0.9);
  const probe = prepared.complete(yield* partOf(prepared.training(C, sliced !== null), held ? 0.6 : 0.9, held ? 0.7 : 1), C);
  const n = features.rows;
  const heldOutRows = held ? yield* partOf(holdOut(named, prepared, C, n, crew), 0.7, 1) : null;
  const scores = heldOutRows?.scores ?? null;
  const codes = indexLabels(labels).codes;
  const temperature = fitsTemperature ? fitTemperature(scores!, codes, { sampleWeight: weights?.subarray(0, n) }) : (wanted as number);
  const by = rejectBy ?? (prepared.probe === "softmax" ? "probability" : "score");
  const scaled = scores && { ...scores, data: scores.data.map((value) => value / temperature) };
  const rejection =
    coverage === undefined ? null : { by, threshold: rejectionThreshold(rejectionScore(scaled!, { by }), { targetCoverage: coverage }) };
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / n;
  const k = scores?.cols ?? 0;
  const heldOut = heldOutRows && {
    ...{ scores: heldOutRows.scores, codes, method: heldOutRows.method },
    accuracy: mean(hitsOfRows(heldOutRows.scores.data, codes, k)),
    logLoss: mean(logLossOfRows(heldOutRows.scores.data, codes, k, 1 / temperature)),
  };
  const chosen = { C: from, temperature: fitsTemperature, coverage: coverage ?? null };
  const { provenance } = probe;
  const noted = provenance && (penalty || heldOut) ? { ...provenance, options: { ...provenance.options, heldOut: chosen } } : provenance;
  return { probe: { ...probe, temperature, rejection, provenance: noted }, chosenBy: from, penalty, heldOut };
}
