import { kindError, valueError } from "../core/errors.ts";
import type { Evaluation } from "../evaluate/results.ts";
import { checkEvaluation } from "../report/checkResults.ts";
import { referenceOf } from "../report/evaluationRows.ts";
import { pValue } from "../report/numbers.ts";
import { verdict } from "../report/verdict.ts";
import { studentTQuantile } from "../statistics/studentT.ts";
import type { TuneResult } from "../tune/tuneMask.ts";

/** One comparison: in fractions of 1. */
export interface ForestRow {
  readonly name: string;
  readonly mean: number;
  /** Its ends; not finite where there is no interval. */
  readonly ci: readonly [number, number];
  readonly verdict: "better" | "worse" | "none";
  /** p, or what else there is to say. */
  readonly note: string;
}

/** The comparisons of a result, and what to call them. */
export interface Forest {
  readonly rows: readonly ForestRow[];
  readonly reference: string;
  /** What the bars are: `95 % interval`. */
  readonly interval: string;
  /** What a full marker says. */
  readonly marked: string;
  readonly episodes: number;
}

function evaluationForest(evaluation: Evaluation, caller: string): Forest {
  const { results, episodes } = checkEvaluation(evaluation, caller);
  const several = new Set(results.map(({ probe }) => probe)).size > 1;
  const rows = results.flatMap(({ mask, probe, difference }): ForestRow[] => {
    if (!difference) return [];
    const name = several ? `${mask} · ${probe}` : mask;
    const ci = difference.ci95 ?? [Number.NaN, Number.NaN];
    return [{ name, mean: difference.mean, ci, verdict: verdict(difference), note: `p ${pValue(difference.p)}` }];
  });
  if (rows.length === 0)
    throw valueError(caller, "evaluation.results", "has no differences", "at least 2 masks, the others compared to the first");
  return {
    rows,
    reference: referenceOf(evaluation) ?? results[0].mask,
    interval: "95 % interval",
    marked: "p < 0.05, paired t test",
    episodes,
  };
}

function tuneForest({ evidence, choice, config }: TuneResult, caller: string): Forest {
  const { sets, episodes, level } = config;
  if (!Array.isArray(evidence)) throw kindError(caller, "evaluation.evidence", evidence, "an array");
  if (!(typeof sets === "number" && sets >= 1))
    throw valueError(caller, "evaluation.config.sets", `is ${String(sets)}`, "a whole number of at least 1");
  if (!(typeof level === "number" && level > 0 && level < 0.5))
    throw valueError(caller, "evaluation.config.level", `is ${String(level)}`, "a number between 0 and 0.5");
  const several = new Set(evidence.map(({ trainOn }) => trainOn)).size > 1;
  const t = sets > 1 ? studentTQuantile(1 - level, sets - 1) : Number.NaN;
  const rows = evidence
    .filter(({ mask, trainOn }) => mask !== "none" || trainOn !== "support")
    .sort((a, b) => b.gain.mean - a.gain.mean)
    .map(({ mask, trainOn, gain }): ForestRow => {
      const half = t * (gain.standardError ?? Number.NaN);
      const ci = [gain.mean - half, gain.mean + half] as const;
      const chosen = mask === choice.mask && trainOn === choice.trainOn;
      return {
        name: `${several ? `${mask} · ${trainOn}` : mask}${chosen ? " (chosen)" : ""}`,
        ...{ mean: gain.mean, ci, verdict: ci[0] > 0 ? "better" : ci[1] < 0 ? "worse" : "none", note: `p ${pValue(gain.p)}, one-sided` },
      };
    });
  if (rows.length === 0) throw valueError(caller, "evaluation.evidence", "has no candidate beside none", "at least 1");
  // A candidate may be chosen where the lower end is above 0.
  const interval = `${Number((100 * (1 - 2 * level)).toPrecision(3))} % interval`;
  return { rows, reference: "none", interval, marked: "interval beside 0", episodes: episodes ?? Number.NaN };
}

/** The comparisons of what `evaluate` or `tuneMask` returned, those of the latter by falling gain. */
export function forestRows(evaluation: Evaluation | TuneResult, caller: string): Forest {
  const schema = (evaluation as { readonly schema?: unknown } | null)?.schema;
  const forest =
    schema === "softprobe/tune@1" ? tuneForest(evaluation as TuneResult, caller) : evaluationForest(evaluation as Evaluation, caller);
  forest.rows.forEach(({ name, mean }) => {
    if (!Number.isFinite(mean)) throw valueError(caller, `the difference of ${name}`, `is ${mean}`, "a finite number");
  });
  return forest;
}
