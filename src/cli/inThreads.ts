import { evaluate } from "../evaluate/evaluate.ts";
import { redundancyCurve } from "../evaluate/redundancyCurve.ts";
import type { Evaluation, MeasuredCurve } from "../evaluate/results.ts";
import { evaluateInWorkers } from "../node/evaluateInWorkers.ts";
import { redundancyCurveInWorkers } from "../node/redundancyCurveInWorkers.ts";
import type { CurveOptions } from "../plan/prepareCurve.ts";
import type { EvaluateOptions } from "../plan/prepareEvaluation.ts";
import type { ProgressOptions } from "../run/slices.ts";
import type { LoadedRun } from "./loadRun.ts";
import { numberOption, type OptionValues } from "./options.ts";

/** What a command runs on as many threads as its line asks for. */
export interface Threads {
  evaluate(run: LoadedRun, options: EvaluateOptions & ProgressOptions): Promise<Evaluation>;
  redundancyCurve(run: LoadedRun, options: CurveOptions & ProgressOptions): Promise<MeasuredCurve>;
}

/** `--workers N`: this thread alone for 1, the default. */
export function inThreads(values: OptionValues): Threads {
  const workers = numberOption(values, "workers", true, 1) ?? 1;
  if (workers === 1)
    return {
      evaluate: ({ features, labels }, options) => evaluate(features, labels, options),
      redundancyCurve: ({ features, labels }, options) => redundancyCurve(features, labels, options),
    };
  return {
    evaluate: ({ features, labels }, options) => evaluateInWorkers(features, labels, { ...options, workers }),
    redundancyCurve: ({ features, labels }, options) => redundancyCurveInWorkers(features, labels, { ...options, workers }),
  };
}
