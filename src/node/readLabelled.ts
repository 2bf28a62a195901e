import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { kindError, shapeError } from "../core/errors.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Views } from "../core/views.ts";
import { takeRows } from "../features/takeRows.ts";
import { takeViews } from "../features/takeViews.ts";
import { columnOptionNames, type FeatureRequest } from "../io/chooseColumns.ts";
import { tellLabels } from "../io/columnTable.ts";
import { featuresOf, labelsOf, type ReadFeaturesOptions, readFeaturesOptionNames, readTextOptionNames, readViews } from "./readFiles.ts";
import { splitPath } from "./splitPath.ts";

/** Options of {@link readLabelled}. */
export interface ReadLabelledOptions extends ReadFeaturesOptions {
  /** A file of augmented views of the same rows. */
  readonly augmented?: string;
  /** Labels that mean "no label", such as −1 or `"nan"` (which stands for an empty cell and null as well): their rows are left out. */
  readonly ignoreLabels?: readonly (string | number | bigint)[];
}

const readLabelledOptionNames: OptionNames<ReadLabelledOptions, ReadFeaturesOptions> = { augmented: true, ignoreLabels: true };

/** Features and labels of the same rows. */
export interface Labelled {
  /** n × d. */
  readonly features: Matrix;
  /** n. */
  readonly labels: Labels;
  /** n × views × d, if a file of views was given. */
  readonly augmented?: Views;
  /** n: each row's number in the files; null if no row was left out. */
  readonly rows: Int32Array | null;
}

/** A path as the one that the system has for it; a pattern as it is. */
const place = (file: string): Promise<string> => realpath(file).catch(() => resolve(file));

/** What labels from a path are to features from another: a column of the same table, or of another file. */
export async function labelsBeside(featuresPath: string, labelsPath: string): Promise<FeatureRequest["labels"]> {
  const [features, labels] = [splitPath(featuresPath), splitPath(labelsPath)];
  const same = (await place(features.file)) === (await place(labels.file));
  return { key: labels.key, same };
}

/** The words of labels to be ignored. */
export function ignoredWords(labels: readonly (string | number | bigint)[] | undefined, caller: string): readonly string[] {
  if (labels === undefined) return [];
  if (!Array.isArray(labels)) throw kindError(caller, "options.ignoreLabels", labels, "an array of labels");
  return labels.map(String);
}

/**
 * Reads features and labels of the same rows, from one file or two, as `readFeatures` and `readLabels` do. The column that the labels'
 * path names is not a feature. `ignoreLabels` lists the labels that mean "no label": their rows are left out.
 *
 * @param featuresPath - the features, and the key in the file
 * @param labelsPath - the labels, and the key in the file; it may be the same file
 * @param options - which columns are features; augmented views; labels that mean none
 * @returns features, labels and views of the rows that have a label
 * @throws Error, RangeError or TypeError as `readFeatures` and `readLabels`; RangeError naming both files when they have different numbers of rows
 * @example
 * ```ts
 * import { readLabelled, writeWhole } from "softprobe/node";
 *
 * await writeWhole("/tmp/softprobe-labelled.csv", "a,b,fruit\n1,2,0\n3,4,-1\n5,6,1\n");
 * const { features, labels, rows } = await readLabelled("/tmp/softprobe-labelled.csv", "/tmp/softprobe-labelled.csv:fruit", { ignoreLabels: [-1] });
 * console.log(features.data, labels, rows); // → Float64Array(4) [ 1, 2, 5, 6 ] [ 0, 1 ] Int32Array(2) [ 0, 2 ]
 * ```
 */
export async function readLabelled(featuresPath: string, labelsPath: string, options: ReadLabelledOptions = {}): Promise<Labelled> {
  const caller = "readLabelled";
  checkOptions(options, caller, columnOptionNames, readTextOptionNames, readFeaturesOptionNames, readLabelledOptionNames);
  const { augmented: viewsPath, ignoreLabels, ...reading } = options;
  const words = ignoredWords(ignoreLabels, caller);
  const features = await featuresOf(featuresPath, reading, await labelsBeside(featuresPath, labelsPath), "readFeatures");
  const decided = await labelsOf(labelsPath, reading, words, "readLabels");
  const augmented = viewsPath === undefined ? undefined : await readViews(viewsPath);
  if (decided.count !== features.rows)
    throw shapeError(caller, labelsPath, `${decided.count} labels`, `${features.rows}, one a row of ${featuresPath}`);
  if (augmented && augmented.matrix.rows / augmented.views !== features.rows)
    throw shapeError(caller, viewsPath!, `${augmented.matrix.rows / augmented.views} rows`, `${features.rows}, as ${featuresPath}`);
  const { labels, rows } = decided;
  const views = augmented ? { augmented: rows === null ? augmented : takeViews(augmented, rows) } : {};
  const kept = rows === null ? features : takeRows(features, rows);
  const { onNotice } = reading;
  if (onNotice && reading.columns === undefined) tellLabels(kept, labels, featuresPath, onNotice);
  return { features: kept, labels, ...views, rows };
}
