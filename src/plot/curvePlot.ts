import { checkOptions } from "../core/checkOptions.ts";
import { valueError } from "../core/errors.ts";
import type { Knee, MeasuredCurve } from "../evaluate/results.ts";
import { curveAxes } from "../report/axes.ts";
import { allDimensions, type Curves, checkCurves, fullAccuracy, type NamedCurve } from "../report/checkResults.ts";
import { percent, plusMinus, share } from "../report/numbers.ts";
import { across, xAxisMarks, yAxisMarks } from "./axisMarks.ts";
import { type Area, bothOf, drawFrame, fillOf, strokeOf } from "./frame.ts";
import { kneeHeight, kneeMarks } from "./kneeMarks.ts";
import type { LegendEntry } from "./legend.ts";
import { markerPath } from "./markers.ts";
import { markers, type Place, polyline, ribbon, segments } from "./marks.ts";
import { SERIES } from "./palette.ts";
import { checkPlotOptions, type PlotOptions, plotOptionNames } from "./plotOptions.ts";
import { linearScale, logScale, type Scale } from "./scales.ts";
import type { Shape } from "./shapes.ts";

const clamp = (accuracy: number): number => Math.min(1, Math.max(0, accuracy));

/** The knee of a measured curve; undefined for one that has only points. */
function kneeOf({ curve }: NamedCurve): Knee | undefined {
  const { knee } = curve as Partial<MeasuredCurve>;
  if (knee && !(knee.fraction > 0 && knee.fraction <= 1))
    throw valueError("curvePlot", "knee.fraction", `is ${knee.fraction}`, "a share above 0 and at most 1");
  return knee;
}

/** Accuracy where a knee falls. */
const accuracyAt = ({ curve }: NamedCurve, { fraction }: Knee): number =>
  curve.points.find((point) => point.fraction === fraction)?.accuracy ?? fullAccuracy(curve);

/**
 * Draws redundancy curves: accuracy in percent against the share of dimensions kept on a log scale, each curve has the band of its 95 %
 * interval, a marker for each point (hover for its figures) and a dashed line at the accuracy with all dimensions. On a measured curve a
 * ring marks the knee, and a bar below the curves its 95 % interval. It is light or dark as the reader prefers. Colours are those of
 * Okabe and Ito and markers differ by shape, for readers who see colours differently. Title and description serve screen readers.
 *
 * @param curves - the result of `redundancyCurve`, or several as `{ name, curve }`
 * @param options - document, title (default `Feature redundancy`), width, height (default 470 with a line of legend), theme
 * @returns the svg element; `toSvg` makes a file of it
 * @throws TypeError when a curve is not a result of `redundancyCurve`, the title is not a string, or there is no document to draw in;
 * RangeError when its schema is unknown, it has no points,
 * a fraction is outside (0, 1], or the picture is too small
 * @see Okabe and Ito, "Color Universal Design", 2008, https://jfly.uni-koeln.de/color/
 * @example
 * ```ts
 * import { redundancyCurve, syntheticFeatures } from "softprobe";
 * import { curvePlot, toSvg } from "softprobe/plot";
 *
 * const { features, labels } = syntheticFeatures({ classes: 6, rowsPerClass: 20, dims: 100, seed: 1 });
 * const curve = await redundancyCurve(features, labels, { episodes: 20 });
 * const svg = toSvg(curvePlot(curve));
 * console.log(/<title>.*?<\/title>/.exec(svg)?.[0]); // → <title>Feature redundancy</title>
 * ```
 */
export function curvePlot(curves: Curves, options: PlotOptions = {}): SVGSVGElement {
  checkOptions(options, "curvePlot", plotOptionNames);
  const named = checkCurves(curves, "curvePlot");
  const checked = checkPlotOptions(options, "curvePlot", "Feature redundancy");
  const knees = named.flatMap((entry, i) => {
    const knee = kneeOf(entry);
    return knee ? [{ i, knee, accuracy: clamp(accuracyAt(entry, knee)) }] : [];
  });
  const d = allDimensions(named[0].curve);
  const total = d !== undefined && named.every(({ curve }) => allDimensions(curve) === d) ? `${d} ` : "";
  return drawFrame({
    options: checked,
    description: description(named),
    legend: legend(named, knees[0]?.knee),
    tall: 320 + kneeHeight(knees.length),
    xLabel: [`% of ${total}dimensions kept`, ", most important first", ", log scale"],
    yLabel: "accuracy (%)",
    draw: (area) => {
      const axes = curveAxes(named, Math.max(2, Math.min(8, Math.floor((area.bottom - area.top) / 44))));
      const scales = {
        x: logScale(axes.xDomain, [area.left, area.right]),
        y: linearScale(axes.yDomain, [area.bottom - kneeHeight(knees.length), area.top]),
      };
      return [
        ...yAxisMarks(area, axes.yTicks, scales.y, axes.yDomain[0]),
        ...xAxisMarks(area, axes.xTicks, scales.x),
        ...named.flatMap((entry, i) => fullLine(area, scales, entry, i)),
        ...named.flatMap((entry, i) => band(area, scales, entry, i)),
        ...named.flatMap((entry, i) => curveMarks(area, scales, entry, i)),
        ...kneeMarks(area, scales, knees, axes),
      ];
    },
  });
}

interface Scales {
  readonly x: Scale;
  readonly y: Scale;
}

function fullLine(area: Area, { y }: Scales, { curve }: NamedCurve, i: number): Shape[] {
  const full = fullAccuracy(curve);
  if (!Number.isFinite(full)) return [];
  const dashed = { "stroke-width": 1.25, "stroke-dasharray": "5 4", "stroke-opacity": 0.85 };
  return [segments({ ...strokeOf(area.paint(i, "line")), ...dashed }, [across(area, y(clamp(full)))])];
}

function band({ paint }: Area, { x, y }: Scales, { curve }: NamedCurve, i: number): Shape[] {
  const known = curve.points.filter(({ ci95 }) => Number.isFinite(ci95?.[0]) && Number.isFinite(ci95?.[1]));
  if (known.length < 2) return [];
  const edge = (end: 0 | 1) => known.map(({ fraction, ci95 }): Place => [x(fraction), y(clamp(ci95[end]))]);
  return [ribbon({ ...fillOf(paint(i)), "fill-opacity": 0.22 }, edge(0), edge(1))];
}

function curveMarks({ paint }: Area, { x, y }: Scales, { name, curve }: NamedCurve, i: number): Shape[] {
  const places = curve.points.map(({ fraction, accuracy }): Place => [x(fraction), y(clamp(accuracy))]);
  const marks = curve.points.map(({ fraction, dimensions, accuracy, ci95 }, p) => ({
    place: places[p],
    form: markerPath(i, SERIES.length),
    title: `${name ? `${name}: ` : ""}${share(fraction)} % (${dimensions} dimensions), ${plusMinus(accuracy, ci95)} %`,
  }));
  return [polyline({ ...strokeOf(paint(i, "line")), "stroke-width": 2 }, places), markers(bothOf(paint(i), paint("paper", "line")), marks)];
}

function legend(curves: readonly NamedCurve[], knee: Knee | undefined): LegendEntry[] {
  const entries = curves.map(({ name, curve }, series): LegendEntry => {
    const full = fullAccuracy(curve);
    const swatch = { kind: "series", series, marker: true } as const;
    return { swatch, text: name || "accuracy", ...(Number.isFinite(full) ? { end: ` (all: ${percent(full)} %)` } : {}) };
  });
  const said: LegendEntry[] = [
    ...(entries.some(({ end }) => end) ? [{ swatch: { kind: "dashed" }, text: "all dimensions" } as const] : []),
    { swatch: { kind: "band" }, text: "95 % interval" },
  ];
  if (!knee) return [...entries, ...said];
  const within = `within ${share(knee.epsilon)} ${knee.epsilon === 0.01 ? "point" : "points"} of all`;
  return [
    ...entries,
    ...said,
    { swatch: { kind: "ring" }, text: `knee: ${within}` },
    { swatch: { kind: "bar" }, text: "its 95 % interval" },
  ];
}

/** What the picture says, for those who can't see it. */
function description(curves: readonly NamedCurve[]): string {
  const said = curves.map((entry) => {
    const { name, curve } = entry;
    const best = curve.points.reduce((most, point) => (point.accuracy > most.accuracy ? point : most));
    const full = fullAccuracy(curve);
    const all = Number.isFinite(full) ? `${percent(full)} % with all dimensions, ` : "";
    const top = `${percent(best.accuracy)} % at best, with ${share(best.fraction)} % (${best.dimensions}) of them`;
    const knee = kneeOf(entry);
    const bend = knee ? `; knee at ${share(knee.fraction)} % (${knee.dimensions})` : "";
    return `${name ? `${name}: ` : ""}${all}${top}${bend}; ${curve.episodes} ${curve.episodes === 1 ? "episode" : "episodes"}.`;
  });
  return `Few-shot accuracy against the share of dimensions kept, from ${share(curves[0].curve.points[0].fraction)} %. ${said.join(" ")}`;
}
