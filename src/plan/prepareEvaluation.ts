import type { OptionNames } from "../core/checkOptions.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { episodeOptionNames } from "../episodes/sampleEpisode.ts";
import type { CountLayout, MetricName } from "./countLayout.ts";
import { checkMetrics, countLayout } from "./countLayout.ts";
import {
  type CheckedRun,
  type CustomProbe,
  dataOptionNames,
  type EpisodeRun,
  type EpisodeRunOptions,
  type NamedMask,
  type ProbeName,
  probeNames,
  runOptionNames,
} from "./options.ts";
import { prepareMasks } from "./prepareMasks.ts";
import { prepareRun } from "./prepareRun.ts";

export interface EvaluateOptions extends EpisodeRunOptions {
  /** Spec strings (default `["none"]`); differences are taken to the first. */
  readonly masks?: readonly string[];
  /** `softmax`, `centroid`, `cosine` or probes of your own (default `["softmax"]`). */
  readonly probes?: readonly (ProbeName | CustomProbe)[];
  /** Whether the result says if the features' classes look like those of a base set given as rows (default true). Costs time by d², once. */
  readonly domain?: boolean;
  /** Keep every episode's count in the result (default false). */
  readonly perEpisode?: boolean;
  /**
   * Measures beside accuracy (default none): `balancedAccuracy` and `macroF1`, for episodes with unequal classes; `expectedCalibrationError`, whether
   * probabilities keep their word, over the answers of all episodes together.
   */
  readonly metrics?: readonly MetricName[];
}

const ownNames: OptionNames<EvaluateOptions, EpisodeRunOptions> = {
  masks: true,
  probes: true,
  domain: true,
  perEpisode: true,
  metrics: true,
};
/** The names of all of {@link EvaluateOptions}. Written out: what a bundler must run to know stays in every bundle. */
export const evaluateOptionNames = [episodeOptionNames, dataOptionNames, runOptionNames, ownNames] as const;

/** An evaluation with everything checked and nothing loaded: enough to sum up what others counted. */
export interface PreparedEvaluation {
  readonly run: EpisodeRun;
  readonly masks: readonly NamedMask[];
  /** As asked for, built-in or not. */
  readonly asked: readonly (ProbeName | CustomProbe)[];
  /** Their names. */
  readonly probes: readonly string[];
  readonly metrics: readonly MetricName[];
  /** Where an episode's counts stand: masks × probes, and behind them what metrics need of each. */
  readonly layout: CountLayout;
  /** Numbers an episode counts. */
  readonly width: number;
}

/** The `plda` probe has its own weights and needs ψ: it goes with `discriminant:RIDGE>none` only. */
function checkPlda(caller: string, masks: readonly NamedMask[]): void {
  for (const { name, spec } of masks) {
    if (spec.kind !== "none" || spec.basis?.name !== "discriminant") {
      throw valueError(
        caller,
        "probe plda",
        `is asked for with mask "${name}"`,
        "discriminant:RIDGE>none masks alone: it weighs that basis itself",
      );
    }
  }
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
  if (metrics.includes("expectedCalibrationError")) {
    for (const probe of asked) {
      if (typeof probe !== "string" && typeof probe.predictProba !== "function")
        throw kindError(
          caller,
          `probe ${probe.name}'s predictProba`,
          probe.predictProba,
          "a function: expectedCalibrationError asks how sure it is",
        );
    }
  }
  const layout = countLayout(masks.length * probes.length, run.most.ways, metrics);
  return { run, masks, asked, probes, metrics, layout, width: layout.width };
}
