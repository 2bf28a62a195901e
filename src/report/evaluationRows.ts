import type { Evaluation, EvaluationResult } from "../evaluate/results.ts";
import { settings } from "./checkResults.ts";
import { type Cell, type Column, excludedSentence } from "./columns.ts";
import { plusMinus, points, pointsInterval, pValue } from "./numbers.ts";
import { verdict } from "./verdict.ts";

/** The columns of an evaluation, for a terminal and for Markdown. */
export const evaluationColumns: readonly Column[] = [
  { title: "mask", align: "left", cut: true },
  { title: "probe", align: "left" },
  { title: "accuracy %", align: "right" },
  { title: "difference", align: "right" },
  { title: "95 % interval", align: "right", spare: true },
  { title: "p", align: "right" },
  { title: "", align: "left" },
];

/** One result as cells of `evaluationColumns`. */
export function evaluationCells({ mask, probe, accuracy, ci95, difference }: EvaluationResult): readonly Cell[] {
  const tone = verdict(difference);
  return [
    { text: mask },
    { text: probe },
    { text: plusMinus(accuracy, ci95) },
    { text: difference ? points(difference.mean) : "", tone },
    { text: difference ? pointsInterval(difference.ci95) : "", tone: "faint" },
    { text: difference ? pValue(difference.p) : "" },
    { text: tone === "none" ? "" : "*", tone },
  ];
}

/** Whether the base set resembles the features' classes, in words. */
function domainSentence({ verdict, p }: NonNullable<Evaluation["domain"]>): string {
  const chance = `p ${pValue(p)}`;
  if (verdict === "similar") return `Domain: these classes look like those of the base set (${chance}).`;
  return `Domain: these classes look UNLIKE those of the base set (${chance}): what is learned from it may cost accuracy.`;
}

/** What all results are compared with, `mask/probe`; undefined where each probe is compared with itself. */
export function referenceOf({ config }: Pick<Evaluation, "config">): string | undefined {
  return (config?.compare as { readonly to?: string } | undefined)?.to;
}

/** The C of the softmax probe, which is that of all masks unless a result says its own. */
function penaltyOf({ config, results }: Evaluation): string {
  return typeof config?.C === "number" && results.some(({ probe }) => probe === "softmax") ? `softmax at C = ${config.C}` : "";
}

/** What a base set that holds rows of the task makes of a result; empty where it holds none. */
export function overlapSentence({ config }: { readonly config: Readonly<Record<string, unknown>> }): string {
  const rows = (config.data as { readonly baseOverlap?: number } | undefined)?.baseOverlap ?? 0;
  if (rows === 0) return "";
  return `${rows} ${rows === 1 ? "row" : "rows"} of the base set ${rows === 1 ? "is a row" : "are rows"} of the features: what learns from it has seen the queries' labels; for analysis, never for a claim.`;
}

/** How many episodes have a query that equals a support row; empty where none has. */
function leakSentence({ config, episodes }: Evaluation): string {
  const leaky = (config.data as { readonly leakyEpisodes?: number } | undefined)?.leakyEpisodes ?? 0;
  if (leaky === 0) return "";
  return `${leaky} of ${episodes} episodes have a query whose features equal those of a support row: their accuracy is too high. Keep one of each (--drop-duplicates).`;
}

/** What a reader must know beside the numbers, a sentence each. */
export function evaluationNotes(evaluation: Evaluation): string[] {
  const { results, episodes, excludedClasses, domain } = evaluation;
  const compared = results.some(({ difference }) => difference !== null);
  const marked = results.some(({ difference }) => verdict(difference) !== "none");
  return [
    `${[`${episodes} ${episodes === 1 ? "episode" : "episodes"}`, settings(evaluation), penaltyOf(evaluation)].filter(Boolean).join(", ")}; ± is half the 95 % interval.`,
    compared ? `Differences are paired, in points, to ${referenceOf(evaluation) ?? `${results[0].mask} with the same probe`}.` : "",
    marked ? "* p < 0.05, paired t test, not corrected for the number of comparisons." : "",
    results.some(({ mask }) => mask.includes("@oracle")) ? "An oracle mask sees the queries: for analysis, never for a claim." : "",
    overlapSentence(evaluation),
    leakSentence(evaluation),
    domain ? domainSentence(domain) : "",
    excludedSentence(excludedClasses),
  ].filter(Boolean);
}
