import type { Overlaps } from "../core/sharedRows.ts";
import type { Evaluation, EvaluationResult } from "../evaluate/results.ts";
import { settings } from "./checkResults.ts";
import { type Cell, type Column, chosenSentence, excludedSentence, unconvergedSentence } from "./columns.ts";
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
  return config?.compare?.to;
}

/** The C of the softmax probe, which is that of all masks unless a result says its own. */
function penaltyOf({ config, results }: Evaluation): string {
  if (!results.some(({ probe }) => probe === "softmax")) return "";
  if (config?.C === "auto") return "softmax with C chosen by held-out support rows";
  return typeof config?.C === "number" ? `softmax at C = ${config.C}` : "";
}

/** What rows that stand in two places make of a result, a sentence for each kind that it has. */
export function overlapSentences({ config, episodes }: Pick<Evaluation, "config" | "episodes">): string[] {
  const data = (config.data ?? {}) as Overlaps & { readonly leakyEpisodes?: number };
  const { baseOverlap = 0, viewOverlap = 0, poolOverlap = 0, leakyEpisodes = 0 } = data;
  const are = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
  return [
    baseOverlap > 0 &&
      `${are(baseOverlap, "row of the base set is a row", "rows of the base set are rows")} of the features: what learns from it has seen the queries' labels; for analysis, never for a claim.`,
    viewOverlap > 0 &&
      `${are(viewOverlap, "augmented view is", "augmented views are")} the features of another row than their own: check that the views are in the features' order.`,
    poolOverlap > 0 &&
      `${are(poolOverlap, "view of the pool is a row", "views of the pool are rows")} of the features: what learns from the pool has seen queries, without their labels.`,
    leakyEpisodes > 0 &&
      `${leakyEpisodes} of ${episodes} episodes have a query whose features equal those of a support row: their accuracy is too high. Keep one of each (--drop-duplicates).`,
  ].filter((sentence) => sentence !== false);
}

/** Masks that learn from base classes, by their names. */
const learnsFromBase = /^(?:tuned$|centre>|within:|discriminant:)|@(?:base|augmented\+base|prior|posterior)\//;
/** Fewer classes outside an episode, and `tuned` learns from the support alone. */
const fewestOutside = 4;

/** Which masks saw labels of other classes of the features; empty where base rows were given, or none learned from any. */
function otherClassesSentence({ config, results }: Evaluation): string {
  const data = (config.data ?? {}) as { readonly baseRows?: number; readonly classes?: number };
  if (data.baseRows !== 0 || config.baseClasses === "none") return "";
  const outside = (data.classes ?? 0) - Number(config.ways ?? 0);
  const names = [...new Set(results.map(({ mask }) => mask))];
  const masks = names.filter((mask) => learnsFromBase.test(mask) && (mask !== "tuned" || outside >= fewestOutside));
  return masks.length === 0
    ? ""
    : `${masks.slice(0, 3).join(", ")}${masks.length > 3 ? " and others" : ""} learned from labelled rows of the classes outside each episode.`;
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
    otherClassesSentence(evaluation),
    chosenSentence(results.map(({ mask, C }) => ({ name: mask, C }))),
    unconvergedSentence(evaluation.unconverged),
    ...overlapSentences(evaluation),
    domain ? domainSentence(domain) : "",
    excludedSentence(excludedClasses),
  ].filter(Boolean);
}
