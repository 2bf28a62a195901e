import { checkOptions } from "../core/checkOptions.ts";
import type { Evaluation } from "../evaluate/results.ts";
import { points, pointsInterval } from "../report/numbers.ts";
import type { TuneResult } from "../tune/tuneMask.ts";
import { xAxisMarks } from "./axisMarks.ts";
import { type ForestRow, forestRows } from "./forestRows.ts";
import { type Area, bothOf, drawFrame, strokeOf } from "./frame.ts";
import { linearTicks } from "./linearTicks.ts";
import { endBar } from "./markers.ts";
import { labels, markers, type Place, segments } from "./marks.ts";
import { SIZE } from "./palette.ts";
import { checkPlotOptions, type PlotOptions, plotOptionNames } from "./plotOptions.ts";
import { linearScale, type Scale } from "./scales.ts";
import type { Shape } from "./shapes.ts";
import { fitText, textWidth } from "./textWidth.ts";

const ROW = 46;

const finite = ([low, high]: readonly [number, number]): boolean => Number.isFinite(low) && Number.isFinite(high);
const figures = ({ mean, ci }: ForestRow): string => (finite(ci) ? `${points(mean)} ${pointsInterval(ci)}` : points(mean));

/** A tick with its sign: `−2`, `0`, `+2`. */
function signed(value: number, digits: number): string {
  if (value === 0) return "0";
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;
}

/**
 * Draws paired differences as a forest plot: one row for each mask (and probe), with its difference to the first mask in accuracy points
 * and the interval; or one row for each candidate of `tuneMask`, with its gain over the unmasked probe, the largest first. A full marker
 * means that the difference is significant (its interval excludes 0), a hollow one that it is not.
 *
 * @param evaluation - the result of `evaluate` with at least two masks, or of `tuneMask`
 * @param options - document, title, width, theme; the height follows from the rows
 * @returns the svg element; `toSvg` makes a file of it
 * @throws TypeError when it is not a result or there is no document to draw in; RangeError when its schema is unknown or nothing in it is compared
 * @example
 * ```ts
 * import { evaluate, syntheticFeatures } from "softprobe";
 * import { forestPlot, toSvg } from "softprobe/plot";
 *
 * const { features, labels } = syntheticFeatures({ classes: 6, rowsPerClass: 20, dims: 100, seed: 1 });
 * const evaluation = await evaluate(features, labels, { masks: ["none", "pair@oracle/power:1"], episodes: 20 });
 * const svg = toSvg(forestPlot(evaluation));
 * console.log(svg.includes("pair@oracle/power:1")); // → true
 * ```
 */
export function forestPlot(evaluation: Evaluation | TuneResult, options: PlotOptions = {}): SVGSVGElement {
  checkOptions(options, "forestPlot", plotOptionNames);
  const forest = forestRows(evaluation, "forestPlot");
  const checked = checkPlotOptions(options, "forestPlot", `Difference to ${forest.reference}`);
  const { rows, interval, marked, episodes, reference } = forest;
  const said = rows.map((row) => `${row.name}: ${figures(row)} points, ${row.note}.`).join(" ");
  const over = Number.isFinite(episodes) ? `, ${episodes} ${episodes === 1 ? "episode" : "episodes"}` : "";
  return drawFrame({
    options: { ...checked, height: undefined },
    description: `Paired differences in accuracy to ${reference}, with the ${interval}${over}. ${said}`,
    legend: [
      { swatch: { kind: "bar" }, text: interval },
      { swatch: { kind: "full" }, text: marked },
      { swatch: { kind: "hollow" }, text: "not told apart from 0" },
    ],
    left: 24,
    tall: ROW * rows.length + 8,
    xLabel: ["difference in accuracy (points)", `, paired, to ${reference}`],
    draw: (area) => {
      const ends = rows.flatMap(({ mean, ci }) => [100 * mean, ...(finite(ci) ? [100 * ci[0], 100 * ci[1]] : [])]);
      const ticks = linearTicks(Math.min(0, ...ends), Math.max(0, ...ends), (area.right - area.left) / 70, signed);
      // Where a name has no room beside all figures, the bar alone shows the interval.
      const room = (row: ForestRow): number => textWidth(row.name, SIZE) + textWidth(figures(row), SIZE) + 16;
      const short = Math.max(...rows.map(room)) > area.right - area.left;
      const x = linearScale([ticks[0].value, ticks[ticks.length - 1].value], [area.left, area.right]);
      const tall = (area.bottom - area.top) / rows.length;
      return [
        ...xAxisMarks(area, ticks, x, "grid"),
        segments({ ...strokeOf(area.paint("muted", "line")), "stroke-width": 1.5 }, [
          [
            [x(0), area.top],
            [x(0), area.bottom],
          ],
        ]),
        ...rows.flatMap((row, i) =>
          rowMarks(area, x, row, { middle: area.top + (i + 0.5) * tall, written: short ? points(row.mean) : figures(row) }),
        ),
      ];
    },
  });
}

function rowMarks(
  { paint, left, right }: Area,
  x: Scale,
  row: ForestRow,
  { middle, written }: { readonly middle: number; readonly written: string },
): Shape[] {
  const role = row.verdict === "better" ? 0 : row.verdict === "worse" ? 1 : "muted";
  const stroke = { ...strokeOf(paint(role, "line")), "stroke-width": 2 };
  // The bar stands in the row's lower half, its name and figures above it.
  const [high, low] = [middle - 10, middle + 10];
  const ends = row.ci.map((end): Place => [x(100 * end), low]);
  const title = `${row.name}: ${figures(row)} points, ${row.note}`;
  const room = right - left - textWidth(written, SIZE) - 16;
  const halo = { "stroke-width": 4, "stroke-linejoin": "round", "paint-order": "stroke" };
  const write = (anchor: "start" | "end", at: number, text: string): Shape =>
    labels({ ...bothOf(paint("ink"), paint("paper", "line")), ...halo, "text-anchor": anchor }, [{ place: [at, high], text }]);
  const bar = finite(row.ci)
    ? [
        segments(stroke, [[ends[0], ends[1]]]),
        markers(
          stroke,
          ends.map((place) => ({ place, form: endBar("lies") })),
        ),
      ]
    : [];
  return [
    ...bar,
    markers({ ...bothOf(paint(row.verdict === "none" ? "paper" : role), paint(role, "line")), "stroke-width": 2 }, [
      { place: [x(100 * row.mean), low], form: 5.5, title },
    ]),
    write("start", left, fitText(row.name, SIZE, room)),
    write("end", right, written),
  ];
}
