import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkPositive } from "../core/checks.ts";
import { kindError, valueError } from "../core/errors.ts";
import { indexLabels } from "../core/labels.ts";
import { type OptionsOf, readOptions } from "../core/option.ts";
import { doWork, doWorkInSlices, partOf, type SliceOptions, sliceOptionNames, type Work } from "../core/work.ts";
import { choosing } from "../heldout/choosePenalty.ts";
import { oneShotPenalty } from "../heldout/episodePenalty.ts";
import { heldOutLogits } from "../heldout/heldOutMethod.ts";
import { type HeldOut, preparingHeldOut } from "../heldout/prepareHeldOut.ts";
import type { IncrementalSoftmax } from "../incremental/incrementalSoftmax.ts";
import { refitDual } from "../incremental/refitDual.ts";
import { borrowKernels } from "../kernels/createKernels.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { calibrationOptions } from "../plan/optionTable.ts";
import { fitTemperature } from "../probe/fitTemperature.ts";
import { rejectionScore } from "../probe/rejectionScore.ts";
import { rejectionThreshold } from "../statistics/rejectionThreshold.ts";

export interface IncrementalCalibration extends Pick<OptionsOf<typeof calibrationOptions>, "temperature" | "coverage" | "rejectBy"> {
  /** C, or `"auto"` (default): chosen by held-out rows; with one row of a class, the fixed value of `fitProbe`. */
  readonly C?: number | "auto";
}

const calibrationNames: OptionNames<IncrementalCalibration> = { C: true, temperature: true, coverage: true, rejectBy: true };

function checkCalibration(caller: string, { C = "auto", ...given }: IncrementalCalibration) {
  // Unlike fitCalibratedProbe, it is asked to choose, and so does unless told otherwise.
  const asked = { ...given, temperature: given.temperature ?? ("leaveOneOut" as const) };
  const { temperature, coverage, rejectBy } = readOptions(calibrationOptions, asked, caller);
  if (typeof C === "string" && C !== "auto") throw kindError(caller, "C", C, 'a number or "auto"');
  if (coverage === undefined && rejectBy !== undefined)
    throw valueError(caller, "rejectBy", `is "${rejectBy}" without coverage`, "coverage, or neither");
  return {
    C: C === "auto" ? null : checkPositive(C, caller, "C"),
    temperature: temperature === "leaveOneOut" ? null : temperature,
    coverage: coverage ?? null,
    by: rejectBy ?? ("probability" as const),
  };
}

function* calibrating(caller: string, state: IncrementalSoftmax, options: IncrementalCalibration): Work<IncrementalSoftmax> {
  const wanted = checkCalibration(caller, options);
  const { rows, labels, gram, fit, fitIntercept, kernels: choice } = state;
  const n = rows.length;
  const { classes, starts } = n > 0 ? indexLabels(labels) : { classes: [], starts: [] };
  const canHoldOut = classes.length > 1 && classes.every((_, c) => starts[c + 1] - starts[c] > 1);
  const scaled = (): number => {
    let [diagonal, sum] = [0, 0];
    for (let i = 0; i < n; i++) {
      diagonal += gram[i * n + i];
      for (let j = 0; j < n; j++) sum += gram[i * n + j];
    }
    const scale = fitIntercept ? diagonal / n - sum / (n * n) : diagonal / n;
    return oneShotPenalty / (scale > 0 ? scale : 1);
  };
  const refitted = (C: number): IncrementalSoftmax =>
    C === state.C || !fit ? { ...state, C } : refitDual(caller, { ...state, C }, { rows, labels, gram, dual: fit.dual }, 0);
  if (!canHoldOut) {
    if (wanted.coverage !== null)
      throw valueError(
        caller,
        "coverage",
        "is given with one row of a class",
        "at least 2 rows of each of two classes: none can be held out",
      );
    const next = refitted(wanted.C ?? (fit ? scaled() : state.C));
    return { ...next, temperature: wanted.temperature ?? 1, rejection: null };
  }
  const heldOut = function* <T>(work: (kernels: Kernels, problem: HeldOut) => Work<T>): Work<T> {
    const { kernels, end } = borrowKernels(choice);
    try {
      const problem = yield* preparingHeldOut(
        kernels,
        { data: gram, rows: n, cols: n },
        labels,
        { precomputed: true, fitIntercept },
        caller,
      );
      return yield* work(kernels, problem);
    } finally {
      end();
    }
  };
  const C =
    wanted.C ??
    (yield* partOf(
      heldOut((kernels, problem) => choosing(kernels, problem, {})),
      0,
      0.7,
    )).C;
  const next = refitted(C);
  if (wanted.temperature !== null && wanted.coverage === null) return { ...next, temperature: wanted.temperature, rejection: null };
  const { logits } = yield* partOf(
    heldOut((kernels, problem) => heldOutLogits(kernels, problem, C)),
    0.7,
    1,
  );
  const scores = { data: logits, rows: n, cols: classes.length };
  const temperature = wanted.temperature ?? fitTemperature(scores, indexLabels(labels).codes);
  if (wanted.coverage === null) return { ...next, temperature, rejection: null };
  const values = rejectionScore({ ...scores, data: logits.map((value) => value / temperature) }, { by: wanted.by });
  return { ...next, temperature, rejection: { by: wanted.by, threshold: rejectionThreshold(values, { targetCoverage: wanted.coverage }) } };
}

/**
 * Chooses an incremental probe's C, temperature and rejection threshold from its own examples, and refits it. It works on the Gram matrix
 * that the state keeps, so its cost does not depend on d. Adding and removing examples does not change them: call it again now and then.
 *
 * @param state - from `addExamples` or any later change
 * @param options - C, temperature, coverage, rejectBy
 * @returns the next state
 * @throws RangeError or TypeError when an option is out of range, or coverage is asked for where a class has one row
 * @example
 * ```ts
 * import { syntheticFeatures } from "softprobe";
 * import { addExamples, calibrateIncremental, incrementalSoftmax } from "softprobe/incremental";
 *
 * const { features, labels } = syntheticFeatures({ classes: 3, rowsPerClass: 8, dims: 20, seed: 1 });
 * const state = addExamples(incrementalSoftmax(20, { normalize: "l2" }), features, labels);
 * const { C, temperature, rejection } = calibrateIncremental(state, { temperature: "leaveOneOut", coverage: 0.9 });
 * console.log(C > 1, temperature !== 1, rejection!.by); // → true true probability
 * ```
 */
export function calibrateIncremental(state: IncrementalSoftmax, options: IncrementalCalibration = {}): IncrementalSoftmax {
  checkOptions(options, "calibrateIncremental", calibrationNames);
  return doWork(calibrating("calibrateIncremental", state, options));
}

/**
 * {@link calibrateIncremental} in slices of some 25 ms (one step at least: a product with all rows, or a fit in the span of few), for pages: they stay alive meanwhile.
 *
 * @param state - as for `calibrateIncremental`
 * @param options - those of `calibrateIncremental`; onProgress and signal
 * @returns what `calibrateIncremental` returns, to the bit
 * @throws as `calibrateIncremental`; the signal's reason when aborted
 * @example
 * ```ts
 * import { toMatrix } from "softprobe";
 * import { addExamples, calibrateIncrementalAsync, incrementalSoftmax } from "softprobe/incremental";
 *
 * const state = addExamples(incrementalSoftmax(1), toMatrix([[0], [1], [5], [6]]), ["low", "low", "high", "high"]);
 * console.log((await calibrateIncrementalAsync(state, { C: 3 })).C); // → 3
 * ```
 */
export async function calibrateIncrementalAsync(
  state: IncrementalSoftmax,
  options: IncrementalCalibration & SliceOptions = {},
): Promise<IncrementalSoftmax> {
  checkOptions(options, "calibrateIncrementalAsync", calibrationNames, sliceOptionNames);
  return doWorkInSlices(calibrating("calibrateIncrementalAsync", state, options), "calibrateIncrementalAsync", options);
}
