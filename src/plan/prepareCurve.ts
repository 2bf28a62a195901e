import type { OptionNames } from "../core/checkOptions.ts";
import { checkChoice } from "../core/checks.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { episodeOptionNames } from "../episodes/sampleEpisode.ts";
import { formatMask, type ImportanceName, importanceNames, type SourceName } from "../mask/maskSpec.ts";
import { keptDimensions } from "../mask/topMask.ts";
import { type CheckedRun, dataOptionNames, type EpisodeRun, type EpisodeRunOptions, runOptionNames } from "./options.ts";
import { prepareMasks } from "./prepareMasks.ts";
import { prepareRun } from "./prepareRun.ts";

export interface CurveOptions extends EpisodeRunOptions {
  /** What orders the dimensions, `importance@source` (default `pair@oracle`) or `random`. */
  readonly importance?: string;
  /** Shares of the dimensions to keep, ascending, in (0, 1] (default 0.01 … 1). */
  readonly fractions?: readonly number[];
  /** Which probe (default `"softmax"`). */
  readonly probe?: "softmax" | "centroid";
  /** ε of the knee: the loss in accuracy that counts as none, a fraction of 1 (default 0.01). */
  readonly epsilon?: number;
}

export const curveOnlyNames: OptionNames<CurveOptions, EpisodeRunOptions> = {
  importance: true,
  fractions: true,
  probe: true,
  epsilon: true,
};
/** The names of all of {@link CurveOptions}. */
export const curveOptionNames = [episodeOptionNames, dataOptionNames, runOptionNames, curveOnlyNames] as const;

/** A curve with everything checked and nothing loaded: enough to sum up what others counted. */
export interface PreparedCurve {
  readonly run: EpisodeRun;
  /** As the result names it. */
  readonly importance: string;
  /** What orders the dimensions. */
  readonly order: { readonly importance: ImportanceName; readonly source: SourceName | null };
  readonly probe: "softmax" | "centroid";
  readonly fractions: readonly number[];
  /** ε of the knee. */
  readonly epsilon: number;
  /** Dimensions kept at each fraction. */
  readonly dimensions: readonly number[];
  /** Dimensions kept at each point: those of the fractions, and all of them at the end, there even when no fraction asks for it. */
  readonly stops: readonly number[];
  /** Numbers an episode counts: one a stop. */
  readonly width: number;
}

/** Checks ε, the loss in accuracy that counts as none. */
export function checkEpsilon(epsilon: number, caller: string): number {
  if (typeof epsilon !== "number") throw kindError(caller, "epsilon", epsilon, "a number");
  if (!(epsilon >= 0 && epsilon < 1)) throw valueError(caller, "epsilon", `is ${epsilon}`, "a loss in [0, 1), a fraction of 1");
  return epsilon;
}

/** Checks everything once; `checked` holds what another thread has found out about these very arrays. */
export function prepareCurve(caller: string, features: Matrix, labels: Labels, options: CurveOptions, checked?: CheckedRun): PreparedCurve {
  const run = prepareRun(caller, features, labels, options, checked);
  if (run.trainOn !== "support") throw valueError(caller, "trainOn", `is "${run.trainOn}"`, '"support": curves train on the support alone');
  const text = options.importance ?? "pair@oracle";
  if (typeof text !== "string") throw kindError(caller, "importance", text, "a string such as pair@oracle");
  const [mask] = prepareMasks(caller, run, [`${text}/power:1`]);
  if (mask.spec.kind !== "importance")
    throw valueError(caller, "importance", `is "${text}"`, `importance@source, such as ${importanceNames[0]}@oracle`);
  const probe = checkChoice(options.probe ?? "softmax", caller, "probe", ["softmax", "centroid"]);
  const fractions = options.fractions ?? [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];
  if (!Array.isArray(fractions)) throw kindError(caller, "fractions", fractions, "an array of shares");
  if (fractions.length === 0) throw shapeError(caller, "fractions", "0 entries", "at least 1");
  fractions.forEach((fraction, i) => {
    if (!(fraction > 0 && fraction <= 1)) throw valueError(caller, `fractions[${i}]`, `is ${fraction}`, "a share in (0, 1]");
    if (i > 0 && !(fraction > fractions[i - 1]))
      throw valueError(caller, `fractions[${i}]`, `is ${fraction}`, `more than the one before, ${fractions[i - 1]}`);
  });
  const epsilon = checkEpsilon(options.epsilon ?? 0.01, caller);
  const { cols } = run.features;
  const dimensions = fractions.map((fraction) => keptDimensions(fraction, cols));
  const stops = dimensions[dimensions.length - 1] === cols ? dimensions : [...dimensions, cols];
  return {
    run,
    importance: formatMask(mask.spec).replace("/power:1", ""),
    order: mask.spec as { importance: ImportanceName; source: SourceName | null },
    probe,
    fractions,
    epsilon,
    dimensions,
    stops,
    width: stops.length,
  };
}
