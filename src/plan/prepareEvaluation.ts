import { checkDistinct } from "../core/checks.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import { indexGiven, type Labels } from "../core/labels.ts";
import { checkMatrix, type Matrix } from "../core/matrix.ts";
import { type OptionsOf, readOptions } from "../core/option.ts";
import { checkReader, type RowReader } from "../core/rowReader.ts";
import type { Views } from "../core/views.ts";
import { episodeOptions } from "../episodes/episodeOptions.ts";
import { checkChoosing } from "./checkChoosing.ts";
import { type CountLayout, countLayout, type MetricName, needsProbabilities } from "./countLayout.ts";
import type { CustomProbe } from "./given.ts";
import type { CheckedRun, EpisodeRun, EpisodeRunOptions, Features, NamedMask, RowViews } from "./options.ts";
import { dataOptions, evaluationOptions, type ProbeName, probeNames, runOptions, trainingOptions, viewOptions } from "./optionTable.ts";
import { baseOverlapOf } from "./overlaps.ts";
import { prepareMasks } from "./prepareMasks.ts";
import { prepareBase, prepareRun } from "./prepareRun.ts";

export interface EvaluateOptions extends EpisodeRunOptions, OptionsOf<typeof evaluationOptions> {}

/** Where all of {@link EvaluateOptions} stand. Written out: what a bundler must run to know stays in every bundle. */
export const evaluateOptionNames = [episodeOptions, viewOptions, dataOptions, trainingOptions, runOptions, evaluationOptions] as const;

/** An evaluation with everything checked and nothing loaded: enough to sum up what others counted. */
export interface PreparedEvaluation {
  readonly run: EpisodeRun;
  /** As given: a tuned mask evaluates candidates by the same. */
  readonly options: EvaluateOptions;
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
  for (const { name, spec, own } of masks) {
    if (own || spec.kind !== "none" || spec.basis?.name !== "discriminant") {
      throw valueError(
        caller,
        "probe plda",
        `is asked for with mask "${name}"`,
        "discriminant:RIDGE>none masks only, since it works in that basis; evaluate it in a run of its own",
      );
    }
  }
}

/** The position among masks × probes of what `to` names, `mask/probe`; −1 where there is none. */
export function referenceAt(to: string, masks: readonly { readonly name: string }[], probes: readonly string[]): number {
  return masks.flatMap(({ name }) => probes.map((probe) => `${name}/${probe}`)).indexOf(to);
}

function checkReference(caller: string, compare: { readonly to: string }, masks: readonly NamedMask[], probes: readonly string[]): void {
  if (typeof compare?.to !== "string") throw kindError(caller, "compare", compare, '{ to: "mask/probe" }');
  if (referenceAt(compare.to, masks, probes) >= 0) return;
  const known = masks.flatMap(({ name }) => probes.map((probe) => `${name}/${probe}`));
  throw valueError(caller, "compare", `is "${compare.to}"`, `one of ${known.join(", ")}`);
}

/** Checks everything once; `checked` holds what another thread has found out about these very arrays. */
export function prepareEvaluation(
  caller: string,
  features: Matrix,
  labels: Labels,
  options: EvaluateOptions,
  checked?: CheckedRun,
): PreparedEvaluation {
  const run = prepareRun(caller, features, labels, options, checked);
  const { masks: specs, probes: asked, metrics, compare } = readOptions(evaluationOptions, options, caller);
  const masks = prepareMasks(caller, run, specs, true);
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
  checkDistinct(probes, caller, "probes");
  const names = masks.map(({ name }) => name);
  checkDistinct(names, caller, "masks");
  if (asked.includes("plda")) checkPlda(caller, masks);
  const sure = metrics.find(needsProbabilities);
  if (sure) {
    for (const probe of asked) {
      if (typeof probe !== "string" && typeof probe.predictProba !== "function")
        throw kindError(caller, `probe ${probe.name}'s predictProba`, probe.predictProba, `a function: ${sure} asks how sure it is`);
    }
  }
  if (compare !== undefined) checkReference(caller, compare, masks, probes);
  checkChoosing(caller, run);
  const layout = countLayout(masks.length * probes.length, run.most.ways, metrics, run.C === "auto");
  return {
    run: compare === undefined ? run : { ...run, config: { ...run.config, compare: { to: compare.to } } },
    options,
    masks,
    asked,
    probes,
    metrics,
    layout,
    width: layout.width,
  };
}

/** Options of `evaluate`. If the features are read row by row, their views are too. */
export type EvaluationOptions = Omit<EvaluateOptions, "augmented"> & { readonly augmented?: Views | RowViews };

/** Whether features are read as they are needed. */
export function isReader(features: Features): features is RowReader {
  return typeof (features as RowReader | null)?.read === "function";
}

const isRowViews = (views: Views | RowViews | undefined): views is RowViews => views !== undefined && views !== null && "reader" in views;

/** A matrix of which only the shape is there. */
const shapeOf = ({ rows, cols }: RowReader): Matrix => ({ data: new Float32Array(0), rows, cols });

/** Refuses masks that look at more rows than an episode's and the classes' statistics. */
function checkStreams(caller: string, masks: readonly NamedMask[]): void {
  for (const { name, spec, ownBasis } of masks) {
    if (ownBasis || spec.kind === "tuned" || (spec.basis && spec.basis.name !== "raw"))
      throw valueError(caller, `mask "${name}"`, "needs all rows in memory", "a mask without a basis, or features as a Matrix");
  }
}

/** The same of features in memory or of features that are read as they are needed. */
export function prepareFeatures(caller: string, features: Features, labels: Labels, options: EvaluationOptions): PreparedEvaluation {
  const { augmented, ...rest } = options;
  if (!isReader(features)) {
    if (isRowViews(augmented)) checkMatrix(augmented.reader as unknown as Matrix, caller, "augmented.matrix");
    return prepareEvaluation(caller, features, labels, { ...rest, augmented: augmented as Views | undefined });
  }
  const { rows, cols } = checkReader(features, caller, "features");
  const index = indexGiven(labels, caller);
  if (index.codes.length !== rows) throw shapeError(caller, "labels", `${index.codes.length} rows`, `${rows}, one a row of features`);
  if (options.baseClasses === "all")
    throw valueError(caller, "baseClasses", 'is "all"', '"base", for the others are not in memory; or features as a Matrix');
  if (augmented !== undefined && !isRowViews(augmented))
    throw kindError(caller, "augmented", augmented, "{ reader, views }, read by rows as the features are");
  let views: Views | undefined;
  if (augmented) {
    checkReader(augmented.reader, caller, "augmented.reader");
    if (augmented.reader.cols !== cols || augmented.reader.rows !== rows * augmented.views)
      throw shapeError(
        caller,
        "augmented.reader",
        `${augmented.reader.rows} × ${augmented.reader.cols} values`,
        `${rows} × ${augmented.views} rows of ${cols}, as features`,
      );
    views = { matrix: shapeOf(augmented.reader), views: augmented.views };
  }
  const known = prepareBase(caller, options.base, { cols }, options.normalize ?? trainingOptions.normalize.default);
  const { allowBaseOverlap } = readOptions({ allowBaseOverlap: runOptions.allowBaseOverlap }, options, caller);
  const baseOverlap = baseOverlapOf(features, null, known.base?.features ?? null, allowBaseOverlap, caller);
  const checked: CheckedRun = { index, joined: null, ...known, overlaps: baseOverlap > 0 ? { baseOverlap } : {} };
  const prepared = prepareEvaluation(caller, shapeOf(features), labels, { ...rest, augmented: views }, checked);
  checkStreams(caller, prepared.masks);
  return { ...prepared, run: { ...prepared.run, readers: { features, augmented: augmented ?? null } } };
}
