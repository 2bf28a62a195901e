import { kindError, valueError } from "../core/errors.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { type OptionsOf, readOptions } from "../core/option.ts";
import { episodeOptions } from "../episodes/episodeOptions.ts";
import { formatMask, type ImportanceName, importanceNames, type SourceName } from "../mask/maskSpec.ts";
import { keptDimensions } from "../mask/topMask.ts";
import { checkChoosing } from "./checkChoosing.ts";
import type { CustomMask } from "./given.ts";
import type { CheckedRun, EpisodeRun, EpisodeRunOptions } from "./options.ts";
import { curveOptions, dataOptions, runOptions, trainingOptions, viewOptions } from "./optionTable.ts";
import { prepareMasks } from "./prepareMasks.ts";
import { prepareRun } from "./prepareRun.ts";

export interface CurveOptions extends EpisodeRunOptions, OptionsOf<typeof curveOptions> {}

/** Where all of {@link CurveOptions} stand. */
export const curveOptionNames = [episodeOptions, viewOptions, dataOptions, trainingOptions, runOptions, curveOptions] as const;

/** What orders the dimensions: an importance of the library's, or the weights of a mask of the user's own. */
type CurveOrder = { readonly importance: ImportanceName; readonly source: SourceName | null } | { readonly own: CustomMask };

/** A curve with everything checked and nothing loaded: enough to sum up what others counted. */
export interface PreparedCurve {
  readonly run: EpisodeRun;
  /** As the result names it. */
  readonly importance: string;
  /** What orders the dimensions. */
  readonly order: CurveOrder;
  readonly probe: "softmax" | "centroid";
  readonly fractions: readonly number[];
  /** ε of the knee. */
  readonly epsilon: number;
  /** Dimensions kept at each fraction. */
  readonly dimensions: readonly number[];
  /** Dimensions kept at each point: those of the fractions, and all of them at the end, there even when no fraction asks for it. */
  readonly stops: readonly number[];
  /** Numbers an episode counts: see {@link curveWidth}. */
  readonly width: number;
}

/**
 * Numbers an episode of a curve counts: correct answers at each stop, how many of its fits have not converged, and, where C is chosen, two numbers a stop, a double
 * bit for bit (0 where the probe has none).
 */
export function curveWidth(stops: number, chosen: boolean): number {
  return stops + 1 + (chosen ? 2 * stops : 0);
}

const projectFirst = "no basis: a curve keeps the features' own dimensions, so project them first";

/** What orders the dimensions, and its name in the result. */
function prepareOrder(caller: string, run: EpisodeRun, asked: string | CustomMask): Pick<PreparedCurve, "importance" | "order"> {
  if (typeof asked !== "string") {
    if (typeof asked?.weights !== "function" || typeof asked.name !== "string")
      throw kindError(caller, "importance", asked, "importance@source, or a mask of your own: {name, weights}");
    if (asked.basis !== undefined) {
      const { basis } = asked;
      throw valueError(caller, "importance", `has basis "${typeof basis === "string" ? basis : basis?.name}"`, projectFirst);
    }
    return { importance: asked.name, order: { own: asked } };
  }
  const [{ spec }] = prepareMasks(caller, run, [`${asked}/power:1`]);
  if (spec.kind !== "importance")
    throw valueError(caller, "importance", `is "${asked}"`, `importance@source, such as ${importanceNames[0]}@oracle`);
  if (spec.basis && spec.basis.name !== "raw") throw valueError(caller, "importance", `is "${asked}"`, projectFirst);
  const { importance, source } = spec;
  return { importance: formatMask(spec).replace("/power:1", ""), order: { importance, source } };
}

/** Checks everything once; `checked` holds what another thread has found out about these very arrays. */
export function prepareCurve(caller: string, features: Matrix, labels: Labels, options: CurveOptions, checked?: CheckedRun): PreparedCurve {
  const run = prepareRun(caller, features, labels, options, checked);
  if (run.trainOn !== "support") throw valueError(caller, "trainOn", `is "${run.trainOn}"`, '"support": curves train on the support alone');
  checkChoosing(caller, run);
  const { importance, fractions, probe, epsilon } = readOptions(curveOptions, options, caller);
  const ordered = prepareOrder(caller, run, importance);
  const { cols } = run.features;
  const dimensions = fractions.map((fraction) => keptDimensions(fraction, cols));
  const stops = dimensions[dimensions.length - 1] === cols ? dimensions : [...dimensions, cols];
  return {
    run,
    ...ordered,
    probe,
    fractions,
    epsilon,
    dimensions,
    stops,
    width: curveWidth(stops.length, run.C === "auto"),
  };
}
