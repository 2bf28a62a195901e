import { valueError } from "../core/errors.ts";
import type { Matrix } from "../core/matrix.ts";
import type { RowReader } from "../core/rowReader.ts";
import { firstTwins, type Overlaps, sharedRows } from "../core/sharedRows.ts";
import type { Views } from "../core/views.ts";
import type { Episode } from "../episodes/sampleEpisode.ts";

/** How many rows of a base set are rows of the features, or views of them; throws where there are some and that is not `allowed`. */
export function baseOverlapOf(
  features: Matrix | RowReader,
  augmented: Views | null,
  base: Matrix | null,
  allowed: boolean,
  caller: string,
): number {
  if (!base) return 0;
  const rows = sharedRows(features, base, caller);
  const views = augmented && sharedRows(augmented.matrix, base, caller);
  const found = rows ?? views;
  if (!found) return 0;
  if (allowed) return Math.max(rows?.count ?? 0, views?.count ?? 0);
  const place = rows
    ? `row ${found.row} of features`
    : `view ${found.row % augmented!.views} of row ${Math.floor(found.row / augmented!.views)}`;
  const all = rows ? "rows of features" : "views of the features' rows";
  throw valueError(
    caller,
    `base.features row ${found.other}`,
    `is ${place}, as ${found.count} of its rows are ${all}`,
    "rows of other examples: a base set that holds the queries tells their labels; allowBaseOverlap takes it all the same, for analysis",
  );
}

/** How many views are the features of another row than their own; a view that is its own row, or a repeat of it, is as it should be. */
function viewOverlapOf(features: Matrix, { matrix, views }: Views, caller: string): number {
  const twins = firstTwins(features);
  const place = (row: number): number => (twins ? twins[row] : row);
  let count = 0;
  sharedRows(features, matrix, caller, (row, view) => {
    if (place(row) !== place(Math.floor(view / views))) count++;
  });
  return count;
}

/** Compares the features with everything given beside them, by value; throws where the base set holds some of them and that is not allowed. */
export function findOverlaps(
  caller: string,
  features: Matrix,
  { base, augmented, pool }: { readonly base: Matrix | null; readonly augmented: Views | null; readonly pool: Views | null },
  allowed: boolean,
): Overlaps {
  const counts = {
    baseOverlap: baseOverlapOf(features, augmented, base, allowed, caller),
    viewOverlap: augmented ? viewOverlapOf(features, augmented, caller) : 0,
    poolOverlap: pool ? (sharedRows(features, pool.matrix, caller)?.count ?? 0) : 0,
  };
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

/** How many of the first `count` episodes have a query that is, value for value, a support row: its answer is known. */
export function countLeaky(features: Matrix, count: number, episode: (e: number) => Episode): number {
  const twins = firstTwins(features);
  if (!twins) return 0;
  let leaky = 0;
  for (let e = 0; e < count; e++) {
    const { support, query } = episode(e);
    const known = new Set(support.map((row) => twins[row]));
    if (query.some((row) => known.has(twins[row]))) leaky++;
  }
  return leaky;
}
