import { checkOptions } from "../core/checkOptions.ts";
import { kindError } from "../core/errors.ts";
import { percent } from "../report/numbers.ts";
import { type ConfusionMatrix, checkConfusion } from "../statistics/confusionMatrix.ts";
import { drawFrame, fillOf } from "./frame.ts";
import { labels } from "./marks.ts";
import { CELL_OPACITY, SIZE } from "./palette.ts";
import { checkPlotOptions, type PlotOptions, plotOptionNames } from "./plotOptions.ts";
import { bandScale } from "./scales.ts";
import { pixels, type Shape } from "./shapes.ts";
import { fitText, textWidth } from "./textWidth.ts";

const caller = "confusionPlot";

/** How many labels of a row or a column are skipped, so that each has `room` pixels. */
const everyNth = (step: number, room: number): number => Math.max(1, Math.ceil(room / step));

/**
 * Draws a confusion matrix: true classes are rows and predicted classes columns. The fill of a cell shows its share of the true class's
 * rows, and its count stands in it if there is room.
 *
 * @param matrix - what `confusionMatrix` returned
 * @param options - document, title, width, height, theme
 * @returns the svg element; `toSvg` makes a file of it
 * @throws TypeError when `confusion` is not a confusion matrix or there is no document to draw in; RangeError when a count is negative or
 * not finite, or there are no rows
 * @example
 * ```ts
 * import { confusionMatrix } from "softprobe/statistics";
 * import { confusionPlot, toSvg } from "softprobe/plot";
 *
 * const matrix = confusionMatrix(["cat", "cat", "dog"], ["cat", "dog", "dog"]);
 * const svg = toSvg(confusionPlot(matrix));
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
      const [across, upDown] = [bandScale(k, [area.left, area.right], 0.04), bandScale(k, [area.top, area.bottom], 0.04)];
      const middle = ({ start, width }: typeof across, i: number): number => start(i) + width / 2;
      const [row, column] = [(i: number) => Math.floor(i / k), (i: number) => i % k];
      const square = (i: number) => ({
        ...{ x: across.start(column(i)), y: upDown.start(row(i)), width: across.width, height: upDown.width },
      });
      const title = (i: number): string =>
        `${names[row(i)]}, predicted ${names[column(i)]}: ${matrix.counts[i]} of ${actual[row(i)]} (${percent(shares[i])} %)`;
      const label = (i: number): string => fitText(names[i], SIZE, room + 4);
      const widest = Math.max(...cells.map((i) => textWidth(String(matrix.counts[i]), SIZE)));
      const counted = widest <= step - 4 && down >= SIZE + 4;
      const every = (nth: number): number[] => Array.from({ length: Math.ceil(k / nth) }, (_, i) => i * nth);
      const axis = fillOf(area.paint("muted"));
      const below = every(everyNth(step, upright ? SIZE + 2 : 0)).map((i) => ({ x: middle(across, i), text: label(i) }));
      const turned = below.map(({ x, text }): Shape => {
        return ["text", { transform: `translate(${pixels(x)},${pixels(area.bottom + 8)}) rotate(-90)`, dy: "0.32em" }, text];
      });
      return [
        labels(
          { ...axis, "text-anchor": "end" },
          every(everyNth(down, SIZE + 2)).map((i) => ({ place: [area.left - 8, middle(upDown, i)], text: label(i) })),
        ),
        upright
          ? ["g", { ...axis, "text-anchor": "end" }, turned]
          : labels(
              axis,
              below.map(({ x, text }) => ({ place: [x, area.bottom + 8], text })),
              "below",
            ),
        ["g", { ...fillOf(area.paint("grid")), "fill-opacity": 0.45 }, cells.map((i): Shape => ["rect", square(i)])],
        [
          "g",
          fillOf(area.paint("cell")),
          cells.map((i): Shape => ["rect", { ...square(i), "fill-opacity": CELL_OPACITY * shares[i] }, [["title", {}, title(i)]]]),
        ],
        labels(
          { ...fillOf(area.paint("ink")), "pointer-events": "none" },
          counted ? cells.map((i) => ({ place: [middle(across, column(i)), middle(upDown, row(i))], text: String(matrix.counts[i]) })) : [],
        ),
      ];
    },
  });
}
