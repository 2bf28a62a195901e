import type { CurvePoint } from "../evaluate/results.ts";
import { type NamedCurve, settings } from "./checkResults.ts";
import { type Cell, type Column, chosenSentence, excludedSentence, unconvergedSentence } from "./columns.ts";
import { overlapSentences } from "./evaluationRows.ts";
import { plusMinus, points, pointsInterval, pValue, share } from "./numbers.ts";
import { verdict } from "./verdict.ts";

/** The columns of a redundancy curve, for a terminal and for Markdown; the first is there for several curves only. */
export const curveColumns: readonly Column[] = [
  { title: "", align: "left", cut: true },
  { title: "kept %", align: "right" },
  { title: "dimensions", align: "right" },
  { title: "accuracy %", align: "right" },
  { title: "difference", align: "right" },
  { title: "95 % interval", align: "right", spare: true },
  { title: "p", align: "right" },
  { title: "", align: "left" },
];

/** Every point of every curve as cells of `curveColumns`. */
export function curveCells(curves: readonly NamedCurve[]): (readonly Cell[])[] {
  return curves.flatMap(({ name, curve }) => curve.points.map((point) => [{ text: curves.length > 1 ? name : "" }, ...pointCells(point)]));
}

function pointCells({ fraction, dimensions, accuracy, ci95, difference }: CurvePoint): readonly Cell[] {
  // All dimensions compared to themselves say nothing.
  const compared = fraction < 1;
  const tone = compared ? verdict(difference) : "none";
  return [
    { text: share(fraction) },
    { text: String(dimensions) },
    { text: plusMinus(accuracy, ci95) },
    { text: compared ? points(difference.mean) : "", tone },
    { text: compared ? pointsInterval(difference.ci95) : "", tone: "faint" },
    { text: compared ? pValue(difference.p) : "" },
    { text: tone === "none" ? "" : "*", tone },
  ];
}

/** The C of the softmax probe that the curve trains. */
function penaltyOf({ config }: NamedCurve["curve"]): string {
  if (config?.probe !== "softmax") return "";
  if (config.C === "auto") return "softmax with C chosen by held-out support rows";
  return typeof config.C === "number" ? `softmax at C = ${config.C}` : "";
}

/** What a reader must know beside the numbers, a sentence each. */
export function curveNotes(curves: readonly NamedCurve[]): string[] {
  const first = curves[0].curve;
  const importance = curves.map(({ curve }) => curve.config?.importance);
  const same = importance.every((each) => each === importance[0]) && typeof importance[0] === "string" ? ` by ${importance[0]}` : "";
  const marked = curves.some(({ curve }) =>
    curve.points.some(({ fraction, difference }) => fraction < 1 && verdict(difference) !== "none"),
  );
  const episodes = curves.every(({ curve }) => curve.episodes === first.episodes)
    ? `${first.episodes} ${first.episodes === 1 ? "episode" : "episodes"}`
    : "";
  return [
    `${[episodes, curves.length === 1 ? settings(first) : "", curves.length === 1 ? penaltyOf(first) : ""].filter(Boolean).join(", ")}${episodes ? "; " : ""}± is half the 95 % interval.`,
    `The most important dimensions are kept${same}; differences are paired, in points, to all dimensions.`,
    marked ? "* p < 0.05, paired t test, not corrected for the number of comparisons." : "",
    importance.some((each) => String(each).includes("@oracle"))
      ? "Oracle importance sees the queries: for analysis, never for a claim."
      : "",
    ...(curves.length === 1 ? [chosenSentence(first.points.map(({ fraction, C }) => ({ name: `${share(fraction)} %`, C })))] : []),
    unconvergedSentence(curves.reduce((sum, { curve }) => sum + (curve.unconverged ?? 0), 0)),
    ...new Set(curves.flatMap(({ curve }) => overlapSentences(curve))),
    ...new Set(curves.map(({ curve }) => excludedSentence(curve.excludedClasses))),
  ].filter(Boolean);
}
