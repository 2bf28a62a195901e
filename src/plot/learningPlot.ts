import { checkOptions } from "../core/checkOptions.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import type { LearningPoint, LinearProbeResult } from "../evaluate/linearProbeResult.ts";
import { fitAxes } from "../report/axes.ts";
import { percent, plusMinus } from "../report/numbers.ts";
import { xAxisMarks, yAxisMarks } from "./axisMarks.ts";
import { bothOf, drawFrame, fillOf, strokeOf } from "./frame.ts";
import { markerPath } from "./markers.ts";
import { markers, type Place, polyline, ribbon } from "./marks.ts";
import { SERIES } from "./palette.ts";
import { checkPlotOptions, type PlotOptions, plotOptionNames } from "./plotOptions.ts";
import { linearScale, logScale } from "./scales.ts";

const caller = "learningPlot";
const clamp = (accuracy: number): number => Math.min(1, Math.max(0, accuracy));

/** Checks that `result` is what `linearProbe` returned, with a learning curve. */
function checkCurve(result: Pick<LinearProbeResult, "schema" | "curve">): readonly LearningPoint[] {
  if (result === null || typeof result !== "object") throw kindError(caller, "result", result, "a softprobe/probe@1 document");
  if (result.schema !== "softprobe/probe@1")
    throw valueError(caller, "result.schema", `is ${JSON.stringify(result.schema)}`, '"softprobe/probe@1"');
  if (!Array.isArray(result.curve) || result.curve.length === 0)
    throw shapeError(caller, "result.curve", "no entries", "at least 1: linearProbe with shots");
  result.curve.forEach(({ rows, accuracy }, i) => {
    if (!(rows >= 1)) throw valueError(caller, `result.curve[${i}].rows`, `is ${rows}`, "a whole number of at least 1");
    if (!Number.isFinite(accuracy)) throw valueError(caller, `result.curve[${i}].accuracy`, `is ${accuracy}`, "a finite number");
  });
  return [...result.curve].sort((a, b) => a.rows - b.rows);
}

/**
 * Draws the learning curve of a linear probe: test accuracy in percent against the training rows on a log scale, each number of rows a class with a marker (hover
 * for its figures) and the band of its 95 % interval.
 *
 * @param result - the result of `linearProbe` with `shots`, or its JSON read back
 * @param options - document, title (default `Linear probe: test accuracy by training rows`), width, height, theme
 * @returns the svg element; `toSvg` makes a file of it
 * @throws TypeError when it is not a result or there is no document to draw in; RangeError when its schema is unknown or it has no learning curve
 * @example
 * ```ts
 * import { linearProbe, syntheticFeatures } from "softprobe";
 * import { learningPlot, toSvg } from "softprobe/plot";
 *
 * const { features, labels } = syntheticFeatures({ classes: 4, rowsPerClass: 30, dims: 32, seed: 1 });
 * const result = await linearProbe(features, labels, { split: 0.5, shots: [1, 4, "all"], draws: 3 });
 * console.log(toSvg(learningPlot(result)).includes("4 rows a class")); // → true
 * ```
 */
export function learningPlot(result: Pick<LinearProbeResult, "schema" | "curve">, options: PlotOptions = {}): SVGSVGElement {
  checkOptions(options, caller, plotOptionNames);
  const points = checkCurve(result);
  const checked = checkPlotOptions(options, caller, "Linear probe: test accuracy by training rows");
  const most = points[points.length - 1].rows;
  const known = points.filter(({ ci }) => Number.isFinite(ci?.[0]) && Number.isFinite(ci?.[1]));
  const name = ({ shots, rows }: LearningPoint): string =>
    shots === "all" ? `all ${rows} rows` : `${shots} row${shots === 1 ? "" : "s"} a class`;
  return drawFrame({
    options: checked,
    description: `Test accuracy: ${points.map((point) => `${percent(point.accuracy)} % with ${name(point)}`).join(", ")}.`,
    legend: known.length < 2 ? [] : [{ swatch: { kind: "band" }, text: "95 % interval" }],
    xLabel: ["training rows", ", log scale"],
    yLabel: "test accuracy (%)",
    draw: ({ paint, ...rest }) => {
      const area = { ...rest, paint };
      const axes = fitAxes(
        points.map(({ rows }) => rows / most),
        [...points.map(({ accuracy }) => accuracy), ...known.flatMap(({ ci }) => ci)],
        Math.max(2, Math.min(8, Math.floor((area.bottom - area.top) / 44))),
      );
      const x = logScale(axes.xDomain, [area.left, area.right]);
      const y = linearScale(axes.yDomain, [area.bottom, area.top]);
      const place = (rows: number, accuracy: number): Place => [x(rows / most), y(clamp(accuracy))];
      const places = points.map(({ rows, accuracy }) => place(rows, accuracy));
      const edge = (end: 0 | 1): Place[] => known.map(({ rows, ci }) => place(rows, ci[end]));
      const ticks = points.map(({ rows }) => ({ value: rows / most, label: String(rows) }));
      const marks = points.map((point, i) => ({
        place: places[i],
        form: markerPath(0, SERIES.length),
        title: `${name(point)}: ${plusMinus(point.accuracy, point.ci)} %`,
      }));
      return [
        ...yAxisMarks(area, axes.yTicks, y, axes.yDomain[0]),
        ...xAxisMarks(area, ticks, x),
        ...(known.length < 2 ? [] : [ribbon({ ...fillOf(paint(0)), "fill-opacity": 0.22 }, edge(0), edge(1))]),
        polyline({ ...strokeOf(paint(0, "line")), "stroke-width": 2 }, places),
        markers(bothOf(paint(0), paint("paper", "line")), marks),
      ];
    },
  });
}
