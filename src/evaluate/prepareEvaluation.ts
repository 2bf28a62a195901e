import { kindError, shapeError, valueError } from "../core/errors.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { checkPlda } from "./countPlda.ts";
import { checkMetrics, type MetricName, tableStart } from "./metrics.ts";
import {
  type CheckedRun,
  type CustomProbe,
  type EpisodeRun,
  type EpisodeRunOptions,
  type NamedMask,
  type ProbeName,
  prepareMasks,
  prepareRun,
  probeNames,
} from "./options.ts";

export interface EvaluateOptions extends EpisodeRunOptions {
  /** Spec strings (default `["none"]`); differences are taken to the first. */
  readonly masks?: readonly string[];
  /** `softmax`, `centroid`, `cosine` or probes of your own (default `["softmax"]`). */
  readonly probes?: readonly (ProbeName | CustomProbe)[];
  /** Keep every episode's count in the result (default false). */
  readonly perEpisode?: boolean;
  /** Measures beside accuracy, for episodes with unequal classes: `balancedAccuracy`, `macroF1` (default none). */
  readonly metrics?: readonly MetricName[];
}

/** An evaluation with everything checked and nothing loaded: enough to sum up what others counted. */
export interface PreparedEvaluation {
  readonly run: EpisodeRun;
  readonly masks: readonly NamedMask[];
  /** As asked for, built-in or not. */
  readonly asked: readonly (ProbeName | CustomProbe)[];
  /** Their names. */
  readonly probes: readonly string[];
  readonly metrics: readonly MetricName[];
  /** Numbers an episode counts: masks × probes, and with metrics, behind them, a confusion matrix (most ways squared) of each. */
  readonly width: number;
}

/** Checks everything once; `checked` holds what another thread has found out about these very arrays. */
export function prepareEvaluation(features: Matrix, labels: Labels, options: EvaluateOptions, checked?: CheckedRun): PreparedEvaluation {
  const caller = "evaluate";
  const run = prepareRun(caller, features, labels, options, checked);
  const masks = prepareMasks(caller, run, options.masks ?? ["none"]);
  const asked = options.probes ?? ["softmax"];
  if (!Array.isArray(asked)) throw kindError(caller, "probes", asked, "an array of names or probes");
  if (asked.length === 0) throw shapeError(caller, "probes", "0 entries", "at least 1");
  const probes = asked.map((probe) => {
    if (typeof probe === "string") {
      if (!probeNames.includes(probe as ProbeName))
        throw valueError(caller, "probes", `has "${probe}"`, `${probeNames.join(", ")} or {name, fit, predict}`);
      return probe;
    }
    if (typeof probe?.fit !== "function" || typeof probe.predict !== "function" || typeof probe.name !== "string") {
      throw kindError(caller, "probes", probe, "a name or {name, fit, predict}");
    }
    return probe.name;
  });
  if (asked.includes("plda")) checkPlda(caller, masks);
  const metrics = checkMetrics(options.metrics ?? [], caller);
  const pairs = masks.length * probes.length;
  return { run, masks, asked, probes, metrics, width: metrics.length > 0 ? tableStart(pairs, pairs, run.most.ways) : pairs };
}
