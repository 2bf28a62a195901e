import { dot, link, type Markish, ruleX, text } from "@observablehq/plot";
import { checkOptions } from "../core/checkOptions.ts";
import type { Evaluation } from "../evaluate/results.ts";
import { points, pointsInterval } from "../report/numbers.ts";
import type { TuneResult } from "../tune/tuneMask.ts";
import { xAxisMarks } from "./axisMarks.ts";
import { type ForestRow, forestRows } from "./forestRows.ts";
import { type Area, drawFrame, fillOf, strokeOf } from "./frame.ts";
import { linearTicks } from "./linearTicks.ts";
import { endBar } from "./markers.ts";
import { SIZE } from "./palette.ts";
import { checkPlotOptions, type PlotOptions, plotOptionNames } from "./plotOptions.ts";
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
 * Draws paired differences as a forest plot: a row for each mask (and probe) with its difference to the first mask in points of accuracy and the interval about it, or for
 * each candidate of `tuneMask` its gain over no mask, the largest first. A full marker is told apart from 0, a hollow one is not.
 *
 * @param evaluation - the result of `evaluate` with at least two masks, or of `tuneMask`
 * @param options - document, title, width, theme; the height follows from the rows
 * @returns the svg element; `toSvg` makes a file of it
 * @throws TypeError when it is no document of results or there is no document to draw in; RangeError when its schema is another or nothing in it is compared
 * @example
 * ```ts
 * import { evaluate, syntheticFeatures } from "softprobe";
 * import { forestPlot, plotDocument, toSvg } from "softprobe/plot";
 *
 * const { features, labels } = syntheticFeatures({ classes: 6, rowsPerClass: 20, dims: 100, seed: 1 });
 * const evaluation = await evaluate(features, labels, { masks: ["none", "pair@oracle/power:1"], episodes: 20 });
 * const svg = toSvg(forestPlot(evaluation, { document: await plotDocument() }));
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
      const domain = [ticks[0].value, ticks[ticks.length - 1].value];
      const at = ({ value }: { readonly value: number }): number =>
        area.left + ((value - domain[0]) / (domain[1] - domain[0])) * (area.right - area.left);
      return {
        x: { type: "linear", domain },
        y: { type: "band", domain: rows.map((_, i) => i), padding: 0, round: false },
        marks: [
          ...xAxisMarks(area, ticks, at, "grid"),
          ruleX([0], { ...strokeOf(area.paint("muted", "line")), strokeWidth: 1.5 }),
          ...rows.flatMap((row, i) => rowMarks(area, row, { i, written: short ? points(row.mean) : figures(row) })),
        ],
      };
    },
  });
}

function rowMarks(
  { paint, left, right }: Area,
  row: ForestRow,
  { i, written }: { readonly i: number; readonly written: string },
): Markish[] {
  const role = row.verdict === "better" ? 0 : row.verdict === "worse" ? 1 : "muted";
  const stroke = { ...strokeOf(paint(role, "line")), strokeWidth: 2 };
  const y = [i];
  const x = [100 * row.mean];
  const ends = row.ci.map((end) => 100 * end);
  const title = [`${row.name}: ${figures(row)} points, ${row.note}`];
  // The bar stands in the row's lower half, its name and figures above it.
  const low = { dy: 10 };
  const room = right - left - textWidth(written, SIZE) - 16;
  const write = { y, dy: -10, ...fillOf(paint("ink")), stroke: paint("paper").colour, strokeWidth: 4 };
  const halo = { className: `${write.className} ${paint("paper", "line").className}` };
  const bar = finite(row.ci)
    ? [
        link([row], { x1: [ends[0]], x2: [ends[1]], y1: y, y2: y, ...stroke, ...low }),
        dot([0, 0], { x: ends, y: [i, i], symbol: endBar("up"), fill: "none", ...stroke, ...low }),
      ]
    : [];
  return [
    ...bar,
    dot([row], {
      ...{ x, y, r: 5.5, title, strokeWidth: 2, ...low },
      ...(row.verdict === "none"
        ? {
            className: `${paint("paper").className} ${paint(role, "line").className}`,
            fill: paint("paper").colour,
            stroke: paint(role).colour,
          }
        : { className: `${paint(role).className} ${paint(role, "line").className}`, fill: paint(role).colour, stroke: paint(role).colour }),
    }),
    text([row], { ...write, ...halo, frameAnchor: "left", textAnchor: "start", text: [fitText(row.name, SIZE, room)] }),
    text([row], { ...write, ...halo, frameAnchor: "right", textAnchor: "end", text: [written] }),
  ];
}
