import { axisX, axisY, cell, text } from "@observablehq/plot";
import { checkOptions } from "../core/checkOptions.ts";
import { kindError } from "../core/errors.ts";
import { percent } from "../report/numbers.ts";
import { type ConfusionMatrix, checkConfusion } from "../statistics/confusionMatrix.ts";
import { drawFrame, fillOf } from "./frame.ts";
import { CELL_OPACITY, SIZE } from "./palette.ts";
import { checkPlotOptions, type PlotOptions, plotOptionNames } from "./plotOptions.ts";
import { fitText, textWidth } from "./textWidth.ts";

const caller = "confusionPlot";

/** How many labels of a row or a column are skipped, so that each has `room` pixels. */
const everyNth = (step: number, room: number): number => Math.max(1, Math.ceil(room / step));

/**
 * Draws a confusion matrix: true classes down, predicted ones across, each cell as full as its share of the true class's rows, with its count where there is room.
 *
 * @param matrix - what `confusionMatrix` returned
 * @param options - document, title, width, height, theme
 * @returns the svg element; `toSvg` makes a file of it
 * @throws TypeError when it is no matrix or there is no document to draw in; RangeError when a count is negative or not finite, or there are no rows
 * @example
 * ```ts
 * import { confusionMatrix } from "softprobe";
 * import { confusionPlot, plotDocument, toSvg } from "softprobe/plot";
 *
 * const matrix = confusionMatrix(["cat", "cat", "dog"], ["cat", "dog", "dog"]);
 * const svg = toSvg(confusionPlot(matrix, { document: await plotDocument() }));
 * console.log(/<title>(cat, .*?)<\/title>/.exec(svg)?.[1]); // → cat, predicted cat: 1 of 2 (50.0 %)
 * ```
 */
export function confusionPlot(matrix: ConfusionMatrix, options: PlotOptions = {}): SVGSVGElement {
  checkOptions(options, "confusionPlot", plotOptionNames);
  if (matrix === null || typeof matrix !== "object" || !Array.isArray(matrix.classes) || matrix.counts === undefined)
    throw kindError(caller, "matrix", matrix, "what confusionMatrix returned");
  const { k, actual, correct } = checkConfusion(matrix, caller);
  const checked = checkPlotOptions(options, caller, "Confusion of classes");
  const names = matrix.classes.map(String);
  const total = actual.reduce((sum, count) => sum + count, 0);
  const right = correct.reduce((sum, count) => sum + count, 0);
  const shares = Array.from(matrix.counts, (count, i) => {
    const rows = actual[Math.floor(i / k)];
    return rows > 0 ? count / rows : 0;
  });
  const longest = Math.max(...names.map((name) => textWidth(name, SIZE)));
  const room = Math.ceil(Math.min(longest, checked.width / 4));
  const left = 44 + room;
  const step = (checked.width - left - 24) / k;
  // Names that are wider than a column stand upright.
  const upright = longest > step - 6;
  const below = (upright ? room + 20 : 30) + 30;
  const said = names.map((name, c) => `${name}: ${correct[c]} of ${actual[c]}.`).join(" ");
  return drawFrame({
    options: checked,
    description: `${right} of ${total} rows (${percent(right / total)} %) were predicted to be of their class. Right by class: ${said}`,
    legend: [{ swatch: { kind: "cell" }, text: "share of a true class; numbers: counts" }],
    ...{ left, below },
    tall: Math.min(k * 60, checked.width - left - 24),
    least: Math.min(k * 24, 480),
    xLabel: ["predicted class"],
    yLabel: "true class",
    draw: (area) => {
      const down = (area.bottom - area.top) / k;
      const cells = Array.from(matrix.counts, (_, i) => i);
      const [x, y] = [cells.map((i) => i % k), cells.map((i) => Math.floor(i / k))];
      const titles = cells.map((i) => {
        const [row, column] = [y[i], x[i]];
        return `${names[row]}, predicted ${names[column]}: ${matrix.counts[i]} of ${actual[row]} (${percent(shares[i])} %)`;
      });
      const label = (i: number): string => fitText(names[i], SIZE, room + 4);
      const widest = Math.max(...cells.map((i) => textWidth(String(matrix.counts[i]), SIZE)));
      const counted = widest <= step - 4 && down >= SIZE + 4;
      const axis = { ...fillOf(area.paint("muted")), stroke: "none", tickSize: 0, tickPadding: 8, tickFormat: label, label: null } as const;
      const every = (count: number, nth: number): number[] => Array.from({ length: Math.ceil(count / nth) }, (_, i) => i * nth);
      const domain = names.map((_, i) => i);
      return {
        x: { type: "band", domain, padding: 0.04, round: false },
        y: { type: "band", domain, padding: 0.04, round: false },
        marks: [
          axisY(every(k, everyNth(down, SIZE + 2)), axis),
          axisX(every(k, everyNth(step, upright ? SIZE + 2 : 0)), { ...axis, ...(upright ? { tickRotate: -90 } : {}) }),
          cell(cells, { x, y, ...fillOf(area.paint("grid")), fillOpacity: 0.45 }),
          cell(cells, { x, y, title: titles, ...fillOf(area.paint("cell")), fillOpacity: shares.map((share) => CELL_OPACITY * share) }),
          ...(counted
            ? [text(cells, { x, y, text: cells.map((i) => String(matrix.counts[i])), ...fillOf(area.paint("ink")), pointerEvents: "none" })]
            : []),
        ],
      };
    },
  });
}
