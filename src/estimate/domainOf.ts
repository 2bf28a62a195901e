import { domainCheck } from "../basis/domainCheck.ts";
import { fitDomain } from "../basis/fitDomain.ts";
import { kindError } from "../core/errors.ts";
import { indexLabels, type LabelIndex } from "../core/labels.ts";
import { randomBelow, randomStream } from "../core/random.ts";
import { readRows } from "../core/rowReader.ts";
import { takeRows } from "../features/takeRows.ts";
import type { EpisodeRun } from "../plan/options.ts";

/** Whether the features' classes look like further classes of the base set: the answer of `domainCheck` for a sample of limited size of both. */
export interface DomainVerdict {
  /** Student's t of the mean log unexplained energy. Above 0, the base rows explain these classes less well than classes of their own domain. */
  readonly score: number;
  /** One-sided: the chance that classes of the base set's domain score at least this. */
  readonly p: number;
  /** `"different"` when p < 0.01: masks and bases learned from the base classes may cost accuracy. */
  readonly verdict: "similar" | "different";
  /** Share of the energy that the base rows leave unexplained, and the share expected for a class of their domain, 0 … 1. */
  readonly unexplained: number;
  readonly expected: number;
}

/** Whether a domain check is wanted: it is unless told otherwise. */
export function checkDomain({ domain = true }: { readonly domain?: boolean }, caller: string): boolean {
  if (typeof domain !== "boolean") throw kindError(caller, "domain", domain, "true or false");
  return domain;
}

/** Rows looked at: enough to tell, few enough that a large base set costs no more than a small one. */
const most = { base: { classes: 100, rows: 10 }, features: { classes: 50, rows: 5 } };

/** Up to `rows` rows each of up to `classes` classes, drawn by a seed among those that `counts` lets count. */
function draw(
  index: LabelIndex,
  limit: { readonly classes: number; readonly rows: number },
  seed: number,
  which: number,
  counts: (row: number) => boolean = () => true,
): { readonly rows: Int32Array; readonly classes: number } {
  const random = randomStream(seed, "domain", which);
  const some = (list: number[], count: number): number[] => {
    for (let i = list.length - 1; i > 0 && list.length > count; i--) {
      const other = randomBelow(random, i + 1);
      [list[i], list[other]] = [list[other], list[i]];
    }
    return list.slice(0, count);
  };
  const { rows, starts } = index;
  const pointing = Array.from({ length: starts.length - 1 }, (_, c) => Array.from(rows.subarray(starts[c], starts[c + 1])).filter(counts));
  const classes = some(
    Array.from(pointing.keys()).filter((c) => pointing[c].length > 0),
    limit.classes,
  );
  return { rows: Int32Array.from(classes.flatMap((c) => some(pointing[c], limit.rows))).sort(), classes: classes.length };
}

/**
 * Asks once for a whole run whether the features' classes look like further classes of the base set, on a bounded draw of the rows of both. null
 * where there are no base rows, or too few of them to say: fewer than three classes, or one row in each.
 */
export function domainOf({ caller, features, readers, index, base, seed, kernels }: EpisodeRun): DomainVerdict | null {
  if (!base) return null;
  const { data, cols } = base.features;
  // A row of zeros has no direction.
  const points = (i: number): boolean => data.subarray(i * cols, (i + 1) * cols).some((value) => value !== 0);
  const known = draw(base.index, most.base, seed, 0, points);
  if (known.classes < 3 || known.rows.length === known.classes) return null;
  const { rows } = draw(index, most.features, seed, 1);
  const support = readers ? readRows(readers.features, rows, caller, "features") : takeRows(features, rows);
  if (support.data.every((value) => value === 0)) return null;
  const domain = fitDomain(base.features, base.index, { rows: known.rows, kernels });
  const { score, p, verdict, unexplained, expected } = domainCheck(domain, support, indexLabels(rows.map((row) => index.codes[row])), {
    kernels,
  });
  return { score, p, verdict, unexplained, expected };
}
