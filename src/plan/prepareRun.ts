import { numberedNames, placesOf } from "../core/columnNames.ts";
import { inTheNameOf, kindError, shapeError, valueError } from "../core/errors.ts";
import { indexGiven, indexLabels, type LabelIndex, type Labels } from "../core/labels.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";
import { readOptions } from "../core/option.ts";
import { takeColumns } from "../core/takeColumns.ts";
import { checkViews, type Views } from "../core/views.ts";
import { episodeDigest } from "../episodes/episodeDigest.ts";
import { episodeOptions } from "../episodes/episodeOptions.ts";
import { replayEpisode } from "../episodes/replayEpisode.ts";
import { type Episode, samplerOf } from "../episodes/sampleEpisode.ts";
import { concatRows } from "../features/concatRows.ts";
import { checkClassWeight, namedWeights } from "../solve/classWeight.ts";
import { checkClassStatistics, checkUnitRows } from "../statistics/checkClassStatistics.ts";
import type { BaseGiven } from "./given.ts";
import type { CheckedRun, EpisodeRun, EpisodeRunOptions } from "./options.ts";
import { runOptions, trainingOptions } from "./optionTable.ts";
import { countLeaky, findOverlaps } from "./overlaps.ts";

/** The features' rows and the base set's in one matrix: a base class is never one of the features' classes, whatever its name. */
export function joinBase(
  features: Matrix,
  index: LabelIndex,
  base: { readonly features: Matrix; readonly index: LabelIndex },
): NonNullable<EpisodeRun["joined"]> {
  const classes = index.classes.length;
  const codes = Int32Array.from({ length: features.rows + base.features.rows }, (_, i) =>
    i < features.rows ? index.codes[i] : classes + base.index.codes[i - features.rows],
  );
  const plain = ({ data, rows, cols }: Matrix): Matrix => ({ data, rows, cols });
  return { features: concatRows([plain(features), plain(base.features)]), index: indexLabels(codes) };
}

/** Checks a base set in either form, for features `of` so many columns; where both have names, its columns are put into their order. */
export function prepareBase(
  caller: string,
  given: BaseGiven | undefined,
  of: Pick<Matrix, "cols" | "columns">,
  normalize: "l2" | "none",
): Pick<EpisodeRun, "base" | "baseStatistics"> {
  const { cols } = of;
  if (!given) return { base: null, baseStatistics: null };
  if (!("features" in given)) {
    checkClassStatistics(given, caller, "base");
    if (given.cols !== cols) throw shapeError(caller, "base", `${given.cols} columns`, `${cols}, as features`);
    if (normalize === "l2") checkUnitRows(given, caller, "base");
    return { base: null, baseStatistics: given };
  }
  const { labels } = given;
  const own = checkFinite(given.features, caller, "base.features");
  const names = (matrix: Pick<Matrix, "cols" | "columns">): readonly string[] => matrix.columns ?? numberedNames(matrix.cols);
  const places = placesOf(names(of), names(own), caller, "base.features", "features");
  const features = places ? takeColumns(own, places) : own;
  if (features.cols !== cols) throw shapeError(caller, "base.features", `${features.cols} columns`, `${cols}, as features`);
  const index = indexGiven(labels, caller, "base.labels");
  if (index.codes.length !== features.rows)
    throw shapeError(caller, "base.labels", `${index.codes.length} rows`, `${features.rows}, one a row of base.features`);
  return { base: { features, index }, baseStatistics: null };
}

/** Rows of the base set, in either form. */
export function countBaseRows({ base, baseStatistics }: Pick<EpisodeRun, "base" | "baseStatistics">): number {
  return base?.features.rows ?? baseStatistics?.counts.reduce((sum, count) => sum + count, 0) ?? 0;
}

/**
 * Checks everything that episodes share, once; `caller` names the function in errors. With `checked`, arrays are trusted, and labels and base
 * set are taken from it.
 */
export function prepareRun(caller: string, features: Matrix, labels: Labels, options: EpisodeRunOptions, checked?: CheckedRun): EpisodeRun {
  if (!checked) checkFinite(features, caller, "features");
  const index = checked?.index ?? indexGiven(labels, caller);
  if (index.codes.length !== features.rows)
    throw shapeError(caller, "labels", `${index.codes.length} rows`, `${features.rows}, one a row of features`);
  const { cols } = features;
  const viewsOf = (name: "augmented" | "pool", rows?: number): Views | null => {
    const given = options[name];
    return given ? (checked ? given : checkViews(given, caller, name, cols, rows)) : null;
  };
  const augmented = viewsOf("augmented", features.rows);
  const pool = viewsOf("pool");
  const training = readOptions(trainingOptions, options, caller);
  const { C, trainOn, normalize } = training;
  const classWeights = checkClassWeight(training.classWeight, index.classes, caller);
  const { episodes, baseClasses, allowBaseOverlap } = readOptions(runOptions, options, caller);
  const { ways, shots, queries, seed, classes, drawsPerTask } = readOptions(episodeOptions, options, caller);
  const { base, baseStatistics } = checked ?? prepareBase(caller, options.base, features, normalize);
  // Whoever checked these arrays before has compared them.
  const overlaps = checked
    ? (checked.overlaps ?? {})
    : findOverlaps(caller, features, { base: base?.features ?? null, augmented, pool }, allowBaseOverlap);
  if (baseClasses === "none" && options.base) throw valueError(caller, "base", 'is given with baseClasses "none"', "one of the two");
  const joined = checked ? checked.joined : base && baseClasses === "all" ? joinBase(features, index, base) : null;
  if (trainOn === "augmented" && !augmented) throw valueError(caller, "trainOn", 'is "augmented"', "augmented views to train on");
  const shared = {
    ...{ caller, readers: null, ...training },
    ...{ features, index, augmented, base, baseStatistics, joined, baseClasses, overlaps, pool, classWeights, seed },
  };
  const data = {
    rows: features.rows,
    cols,
    classes: index.classes.length,
    views: augmented?.views ?? 0,
    baseRows: countBaseRows({ base, baseStatistics }),
    ...(baseStatistics ? { baseStatistics: true } : {}),
    ...overlaps,
    poolRows: pool ? pool.matrix.rows / pool.views : 0,
  };
  const said = baseClasses === "none" || (baseClasses === "all" && (base || baseStatistics));
  const compared = !checked && features.data.length > 0;
  const leaksOf = (count: number, episode: (e: number) => Episode): { readonly leakyEpisodes?: number } => {
    const leakyEpisodes = compared ? countLeaky(features, count, episode) : 0;
    return leakyEpisodes > 0 ? { leakyEpisodes } : {};
  };
  const weighed = classWeights === null ? {} : { classWeight: namedWeights(classWeights, index.classes) };

  if (options.replay) {
    if (!Array.isArray(options.replay)) throw kindError(caller, "replay", options.replay, "an array of {support, query}");
    if (options.replay.length === 0) throw shapeError(caller, "replay", "0 episodes", "at least 1");
    const replayed = inTheNameOf(caller, "replayEpisode", () => options.replay!.map((rows, e) => replayEpisode(index, rows, e)));
    const greatest = (size: (episode: Episode) => number) => replayed.reduce((most, episode) => Math.max(most, size(episode)), 0);
    return {
      ...shared,
      episodes: replayed.length,
      drawsPerTask: 1,
      excludedClasses: [],
      digest: checked?.digest ?? episodeDigest(features, index, options.replay),
      most: {
        support: greatest(({ support }) => support.length),
        query: greatest(({ query }) => query.length),
        ways: greatest(({ classes }) => classes.length),
      },
      episode: (e) => replayed[e],
      config: {
        data: { ...data, ...leaksOf(replayed.length, (e) => replayed[e]) },
        replayed: replayed.length,
        C,
        ...weighed,
        trainOn,
        normalize,
        seed,
        ...(said ? { baseClasses } : {}),
      },
    };
  }
  const sampler = samplerOf(index, options, caller);
  return {
    ...shared,
    episodes,
    drawsPerTask,
    excludedClasses: sampler.excludedClasses,
    digest: checked?.digest ?? episodeDigest(features, index, { ways, shots, queries, seed, classes, episodes, drawsPerTask }),
    most: { ...sampler.most, ways },
    episode: sampler.sample,
    config: {
      data: { ...data, ...leaksOf(episodes, sampler.sample) },
      ways,
      shots,
      queries,
      ...(classes ? { classes } : {}),
      ...(drawsPerTask > 1 ? { drawsPerTask } : {}),
      episodes,
      seed,
      C,
      ...weighed,
      trainOn,
      normalize,
      ...(said ? { baseClasses } : {}),
    },
  };
}
