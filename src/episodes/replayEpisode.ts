import { describe, kindError, shapeError, valueError } from "../core/errors.ts";
import { type LabelIndex, type Labels, labelIndexOf } from "../core/labels.ts";
import type { Episode } from "./sampleEpisode.ts";

/** A given episode, as row numbers alone. Its classes follow from the labels. */
export interface EpisodeRows {
  readonly support: ArrayLike<number>;
  readonly query: ArrayLike<number>;
}

/**
 * Makes an {@link Episode} of given rows: its classes are those of the support rows, in the order in which they first occur.
 *
 * @param labels - n labels, or what `indexLabels` made of them
 * @param rows - support and query row numbers, 0 … n − 1
 * @param e - its number, used in errors
 * @throws RangeError when a row does not exist, occurs in both support and query (a leak), the support has one class, or a query's class has no support
 * @example
 * ```ts
 * import { replayEpisode } from "softprobe";
 *
 * const episode = replayEpisode(["a", "b", "a", "b"], { support: [1, 0], query: [2, 3] });
 * console.log(episode.queryLabels); // → Int32Array(2) [ 1, 0 ]
 * ```
 */
export function replayEpisode(labels: Labels | LabelIndex, rows: EpisodeRows, e = 0): Episode {
  const caller = "replayEpisode";
  const index = labelIndexOf(labels, caller);
  const n = index.codes.length;
  if (rows === null || typeof rows !== "object") throw kindError(caller, `episode ${e}`, rows, "{support: [rows], query: [rows]}");
  const take = (name: "support" | "query"): Int32Array => {
    const list = rows[name];
    if (list === null || typeof list !== "object" || typeof list.length !== "number")
      throw kindError(caller, `episode ${e} ${name}`, list, "an array of row numbers");
    if (!(list.length > 0)) throw shapeError(caller, `episode ${e} ${name}`, `${list.length} rows`, "at least 1");
    // Grown as rows are found, since `length` may be any number in a file of others.
    const taken: number[] = [];
    for (let i = 0; i < list.length; i++) {
      const row = list[i];
      if (!Number.isInteger(row) || row < 0 || row >= n)
        throw valueError(caller, `episode ${e} ${name}[${i}]`, `is ${describe(row)}`, `a row in 0…${n - 1}`);
      taken.push(row);
    }
    return Int32Array.from(taken);
  };
  const support = take("support");
  const query = take("query");
  const inSupport = new Set(support);
  for (const row of query)
    if (inSupport.has(row)) throw valueError(caller, `episode ${e}`, `has row ${row} in both support and query`, "disjoint rows");
  const way = new Map<number, number>();
  for (const row of support) if (!way.has(index.codes[row])) way.set(index.codes[row], way.size);
  if (way.size < 2)
    throw valueError(caller, `episode ${e} support`, `has one class, ${describe(index.classes[index.codes[support[0]]])}`, "at least 2");
  const labelled = (list: Int32Array): Int32Array =>
    list.map((row) => {
      const label = way.get(index.codes[row]);
      if (label === undefined) {
        throw valueError(
          caller,
          `episode ${e} query row ${row}`,
          `is of class ${describe(index.classes[index.codes[row]])}`,
          "a class that the support has",
        );
      }
      return label;
    });
  return {
    episode: e,
    classes: Int32Array.from(way.keys()),
    support,
    supportLabels: labelled(support),
    query,
    queryLabels: labelled(query),
  };
}
