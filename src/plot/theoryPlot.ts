import { checkOptions } from "../core/checkOptions.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import type { TheoryAtShots, TheoryComparison } from "../evaluate/planTheory.ts";
import { fitAxes } from "../report/axes.ts";
import { percent, plusMinus, share } from "../report/numbers.ts";
import { xAxisMarks, yAxisMarks } from "./axisMarks.ts";
import { type Area, bothOf, drawFrame, fillOf, strokeOf } from "./frame.ts";
import type { LegendEntry } from "./legend.ts";
import { diamond, markerPath } from "./markers.ts";
import { markers, type Place, polyline, ribbon } from "./marks.ts";
import { SERIES } from "./palette.ts";
import { checkPlotOptions, type PlotOptions, plotOptionNames } from "./plotOptions.ts";
import { linearScale, logScale } from "./scales.ts";
import type { Shape } from "./shapes.ts";

const caller = "theoryPlot";
const clamp = (accuracy: number): number => Math.min(1, Math.max(0, accuracy));
const shotsName = (shots: number): string => `${shots} shot${shots === 1 ? "" : "s"}`;

/** Checks that `comparison` is what `compareTheory` returned, or its JSON read back. */
function checkComparison(comparison: TheoryComparison): TheoryComparison {
  if (comparison === null || typeof comparison !== "object")
    throw kindError(caller, "comparison", comparison, "a softprobe/theory@1 document");
  if (comparison.schema !== "softprobe/theory@1")
    throw valueError(caller, "comparison.schema", `is ${JSON.stringify(comparison.schema)}`, '"softprobe/theory@1"');
  if (!Array.isArray(comparison.shots) || comparison.shots.length === 0)
    throw shapeError(caller, "comparison.shots", "no entries", "at least 1");
  comparison.shots.forEach(({ points }, i) => {
    if (!Array.isArray(points) || points.length === 0)
      throw shapeError(caller, `comparison.shots[${i}].points`, "no entries", "at least 1");
    points.forEach(({ fraction, theory, measured }, j) => {
      const argument = `comparison.shots[${i}].points[${j}]`;
      if (!(fraction > 0 && fraction <= 1))
        throw valueError(caller, `${argument}.fraction`, `is ${fraction}`, "a share above 0 and at most 1");
      if (!Number.isFinite(theory)) throw valueError(caller, `${argument}.theory`, `is ${theory}`, "a finite number");
      if (!Number.isFinite(measured)) throw valueError(caller, `${argument}.measured`, `is ${measured}`, "a finite number");
    });
  });
  return comparison;
}

/**
 * Draws what class statistics alone expect of a two-way nearest centroid (dashed) beside what episodes measure (a line with markers and
 * its 95 % interval), with one colour for each number of shots. A diamond marks the share of dimensions that is best by the theory.
 *
 * @param comparison - the result of `compareTheory`
 * @param options - document, title, width, height, theme
 * @returns the svg element; `toSvg` makes a file of it
 * @throws TypeError when it is not a result or there is no document to draw in; RangeError when its schema is unknown or it has no points
 * @example
 * ```ts
 * import { syntheticFeatures } from "softprobe";
 * import { compareTheory } from "softprobe/theory";
 * import { theoryPlot, toSvg } from "softprobe/plot";
 *
 * const { features, labels } = syntheticFeatures({ classes: 6, rowsPerClass: 20, dims: 60, seed: 1 });
 * const comparison = await compareTheory(features, labels, { shots: [1], fractions: [0.1, 1], episodes: 20 });
 * const svg = toSvg(theoryPlot(comparison));
 * console.log(svg.includes("1 shot, measured")); // → true
 * ```
 */
export function theoryPlot(comparison: TheoryComparison, options: PlotOptions = {}): SVGSVGElement {
  checkOptions(options, "theoryPlot", plotOptionNames);
  const { shots, dimensions } = checkComparison(comparison);
  const checked = checkPlotOptions(options, caller, "Two-way nearest centroid: theory and measurement");
  const fractions = shots.flatMap(({ points, best }) => [...points.map((point) => point.fraction), best.fraction]);
  const accuracies = shots.flatMap(({ points, best }) => [
    best.accuracy,
    ...points.flatMap(({ theory, measured, ci95 }) => [theory, measured, ...(ci95 ?? [])]),
  ]);
  return drawFrame({
    options: checked,
    description: description(comparison),
    legend: legend(shots),
    xLabel: [`% of ${dimensions} dimensions kept`, ", most important first", ", log scale"],
    yLabel: "accuracy (%)",
    draw: (area) => {
      const axes = fitAxes(fractions, accuracies, Math.max(2, Math.min(8, Math.floor((area.bottom - area.top) / 44))));
      const x = logScale(axes.xDomain, [area.left, area.right]);
      const y = linearScale(axes.yDomain, [area.bottom, area.top]);
      const place = (fraction: number, accuracy: number): Place => [x(fraction), y(clamp(accuracy))];
      return [
        ...yAxisMarks(area, axes.yTicks, y, axes.yDomain[0]),
        ...xAxisMarks(area, axes.xTicks, x),
        ...shots.flatMap((each, i) => shotsMarks(area, place, each, i)),
      ];
    },
  });
}

function shotsMarks(
  { paint }: Area,
  place: (fraction: number, accuracy: number) => Place,
  { shots, points, best }: TheoryAtShots,
  i: number,
): Shape[] {
  const measured = points.map((point) => place(point.fraction, point.measured));
  const marks = points.map((point, p) => {
    const kept = `${share(point.fraction)} % (${point.dimensions} dimensions)`;
    const title = `${shotsName(shots)}: ${kept}, measured ${plusMinus(point.measured, point.ci95)} %, theory ${percent(point.theory)} %`;
    return { place: measured[p], form: markerPath(i, SERIES.length), title };
  });
  const known = points.filter(({ ci95 }) => Number.isFinite(ci95?.[0]) && Number.isFinite(ci95?.[1]));
  const edge = (end: 0 | 1): Place[] => known.map(({ fraction, ci95 }) => place(fraction, ci95[end]));
  const stroke = { ...strokeOf(paint(i, "line")), "stroke-width": 2 };
  return [
    ...(known.length < 2 ? [] : [ribbon({ ...fillOf(paint(i)), "fill-opacity": 0.22 }, edge(0), edge(1))]),
    polyline(
      { ...stroke, "stroke-dasharray": "6 5" },
      points.map((point) => place(point.fraction, point.theory)),
    ),
    polyline(stroke, measured),
    markers(bothOf(paint(i), paint("paper", "line")), marks),
    markers({ ...stroke, fill: "none" }, [{ place: place(best.fraction, best.accuracy), form: diamond }]),
  ];
}

function legend(shots: readonly TheoryAtShots[]): LegendEntry[] {
  return [
    ...shots.map(
      (each, series): LegendEntry => ({
        swatch: { kind: "series", series, marker: true },
        text: `${shotsName(each.shots)}, measured`,
      }),
    ),
    { swatch: { kind: "band" }, text: "95 % interval" },
    { swatch: { kind: "dashed" }, text: "theory" },
    { swatch: { kind: "diamond" }, text: "its best share" },
  ];
}

/** What the picture says, for those who can't see it. */
function description({ shots, episodes }: TheoryComparison): string {
  const said = shots.map(({ shots: own, points, best }) => {
    const last = points[points.length - 1];
    const all = `${percent(last.measured)} % measured and ${percent(last.theory)} % by theory with ${share(last.fraction)} % of the dimensions`;
    return `${shotsName(own)}: ${all}; best by theory ${percent(best.accuracy)} % with ${share(best.fraction)} %.`;
  });
  return `Two-way accuracy against the share of dimensions kept, by theory and by ${episodes} ${episodes === 1 ? "episode" : "episodes"}. ${said.join(" ")}`;
}
