import { checkOptions } from "../core/checkOptions.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import { percent } from "../report/numbers.ts";
import type { ReliabilityBin } from "../statistics/reliabilityBins.ts";
import { xAxisMarks, yAxisMarks } from "./axisMarks.ts";
import { drawFrame, fillOf, strokeOf } from "./frame.ts";
import { markers, segments } from "./marks.ts";
import { checkPlotOptions, type PlotOptions, plotOptionNames } from "./plotOptions.ts";
import { linearScale } from "./scales.ts";

const caller = "reliabilityPlot";

function checkBins(bins: readonly ReliabilityBin[]): readonly ReliabilityBin[] {
  if (!Array.isArray(bins)) throw kindError(caller, "bins", bins, "the array that reliabilityBins returned");
  let total = 0;
  bins.forEach((bin, b) => {
    if (bin === null || typeof bin !== "object") throw kindError(caller, `bins[${b}]`, bin, "a bin of reliabilityBins");
    if (!(bin.count >= 0 && bin.count < Number.POSITIVE_INFINITY))
      throw valueError(caller, `bins[${b}].count`, `is ${bin.count}`, "a count");
    for (const name of ["confidence", "accuracy"] as const) {
      if (!(bin[name] >= 0 && bin[name] <= 1)) throw valueError(caller, `bins[${b}].${name}`, `is ${bin[name]}`, "a number in 0…1");
    }
    total += bin.count;
  });
  if (!(total > 0)) throw shapeError(caller, "bins", "no predictions", "at least 1");
  return bins;
}

/** Wilson's 95 % interval of a share: it needs no more than a count, and stays within 0 … 1. */
function wilson(share: number, count: number): readonly [number, number] {
  const z2 = 1.959963984540054 ** 2;
  const middle = (share + z2 / (2 * count)) / (1 + z2 / count);
  const half = Math.sqrt(z2 * ((share * (1 - share)) / count + z2 / (4 * count * count))) / (1 + z2 / count);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/**
 * Draws a reliability diagram: the share of correct predictions against the mean confidence of each bin, with Wilson's 95 % interval
 * (1927) and the diagonal of perfect calibration. Larger markers stand for more predictions. The legend gives the expected calibration
 * error. Points below the diagonal mean overconfidence.
 *
 * @param bins - what `reliabilityBins` returned
 * @param options - document, title, width, height, theme
 * @returns the svg element; `toSvg` makes a file of it
 * @throws TypeError when `bins` is not a list of bins or there is no document to draw in; RangeError when a count, confidence or accuracy
 * is out of range or all bins are empty
 * @example
 * ```ts
 * import { reliabilityBins } from "softprobe/statistics";
 * import { reliabilityPlot, toSvg } from "softprobe/plot";
 *
 * const bins = reliabilityBins([0.9, 0.8, 0.8, 0.6], [1, 1, 0, 1], 5);
 * const svg = toSvg(reliabilityPlot(bins));
 * console.log(/expected calibration error [\d.]+ points/.exec(svg)?.[0]); // → expected calibration error 27.5 points
 * ```
 */
export function reliabilityPlot(bins: readonly ReliabilityBin[], options: PlotOptions = {}): SVGSVGElement {
  checkOptions(options, "reliabilityPlot", plotOptionNames);
  checkBins(bins);
  const checked = checkPlotOptions(options, caller, "Reliability of probabilities");
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  const filled = bins.filter(({ count }) => count > 0);
  const error = filled.reduce((sum, { count, accuracy, confidence }) => sum + (count / total) * Math.abs(accuracy - confidence), 0);
  const said = `expected calibration error ${percent(error)} points`;
  const titles = filled.map(
    ({ confidence, accuracy, count }) =>
      `confidence ${percent(confidence)} %, accuracy ${percent(accuracy)} %, ${count} of ${total} predictions`,
  );
  return drawFrame({
    options: checked,
    description: `Accuracy against confidence of ${total} predictions in ${bins.length} bins; ${said}. ${titles.join("; ")}.`,
    legend: [
      { swatch: { kind: "full", series: 0 }, text: `a bin of ${total} predictions` },
      { swatch: { kind: "bar", series: 0 }, text: "95 % interval" },
      { swatch: { kind: "dashed" }, text: "perfect" },
      { swatch: { kind: "band", series: 1 }, text: said },
    ],
    tall: 400,
    xLabel: ["confidence (%)", ", mean probability of the predicted class"],
    yLabel: "accuracy (%)",
    draw: (area) => {
      const { paint } = area;
      const ticks = [0, 20, 40, 60, 80, 100].map((value) => ({ value: value / 100, label: String(value) }));
      const x = linearScale([0, 1], [area.left, area.right]);
      const y = linearScale([0, 1], [area.bottom, area.top]);
      const upright = (confidence: number, [low, high]: readonly [number, number]) =>
        [
          [x(confidence), y(low)],
          [x(confidence), y(high)],
        ] as const;
      const most = Math.max(...filled.map(({ count }) => count));
      const marks = filled.map(({ confidence, accuracy, count }, b) => ({
        place: [x(confidence), y(accuracy)] as const,
        // Areas in proportion, but for the least that can be seen.
        form: 2.5 + 5.5 * Math.sqrt(count / most),
        title: titles[b],
      }));
      return [
        ...yAxisMarks(area, ticks, y, 0),
        ...xAxisMarks(area, ticks, x),
        segments({ ...strokeOf(paint("muted", "line")), "stroke-dasharray": "5 4" }, [
          [
            [x(0), y(0)],
            [x(1), y(1)],
          ],
        ]),
        segments(
          { ...strokeOf(paint(1, "line")), "stroke-width": 7, "stroke-opacity": 0.35 },
          filled.map(({ confidence, accuracy }) => upright(confidence, [confidence, accuracy])),
        ),
        segments(
          { ...strokeOf(paint(0, "line")), "stroke-width": 2 },
          filled.map(({ confidence, accuracy, count }) => upright(confidence, wilson(accuracy, count))),
        ),
        // A small one stands on a large one.
        markers(
          fillOf(paint(0)),
          marks.sort((a, b) => b.form - a.form),
        ),
      ];
    },
  });
}
