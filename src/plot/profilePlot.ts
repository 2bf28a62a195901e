import { line, type Markish, type RenderFunction, ruleY } from "@observablehq/plot";
import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkChoice } from "../core/checks.ts";
import { fitAxes } from "../report/axes.ts";
import { type AxisTick, xAxisMarks, yAxisMarks } from "./axisMarks.ts";
import { type Area, drawFrame, strokeOf } from "./frame.ts";
import { linearTicks } from "./linearTicks.ts";
import { checkPlotOptions, type PlotOptions, plotOptionNames } from "./plotOptions.ts";
import { checkProfiles, describeProfiles, orderProfiles, type Profile, type ProfileOrder, profileOrders } from "./profiles.ts";

const caller = "profilePlot";

/** Options of `profilePlot`. */
export interface ProfilePlotOptions extends PlotOptions {
  /** `own` (default): each profile by falling value; `first`: all in the order of the first, as an estimate against an oracle; `dimension`: as they stand. */
  readonly order?: ProfileOrder;
}

const profilePlotOptionNames: OptionNames<ProfilePlotOptions, PlotOptions> = { order: true };

/**
 * Draws importances or masks over dimensions, each relative to its mean: by falling value (how few dimensions matter), all in the order of the first (what an estimate
 * makes of the oracle's order: a dot a dimension, their rank correlation in the legend), or dimension by dimension.
 *
 * @param profiles - importances or masks as `{ name, values }`, of one length
 * @param options - order, document, title, width, height, theme
 * @returns the svg element; `toSvg` makes a file of it
 * @throws TypeError when a profile is of another kind or there is no document to draw in; RangeError when a value is negative or not finite, all are 0, or lengths differ
 * @example
 * ```ts
 * import { classStatistics, pairImportance, syntheticFeatures, varianceImportance } from "softprobe";
 * import { plotDocument, profilePlot, toSvg } from "softprobe/plot";
 *
 * const { features, labels } = syntheticFeatures({ classes: 4, rowsPerClass: 20, dims: 50, seed: 1 });
 * const statistics = classStatistics(features, labels);
 * const profiles = [
 *   { name: "oracle", values: pairImportance(statistics) },
 *   { name: "variance", values: varianceImportance(statistics) },
 * ];
 * const svg = toSvg(profilePlot(profiles, { order: "first", document: await plotDocument() }));
 * console.log(/variance \(rank correlation .*?\)/.test(svg)); // → true
 * ```
 */
export function profilePlot(profiles: readonly Profile[], options: ProfilePlotOptions = {}): SVGSVGElement {
  checkOptions(options, "profilePlot", plotOptionNames, profilePlotOptionNames);
  const checked = checkPlotOptions(options, caller, "Importance of dimensions");
  const order = checkChoice(options.order ?? "own", caller, "options.order", profileOrders);
  const named = checkProfiles(profiles, order);
  const drawn = orderProfiles(named, order);
  const d = drawn[0].length;
  const flat = order === "dimension";
  const highest = drawn.reduce((most, values) => values.reduce((high, value) => Math.max(high, value), most), 0);
  return drawFrame({
    options: checked,
    description: describeProfiles(named, order),
    legend: named.map(({ name, end }, series) => ({
      swatch: order === "first" && series > 0 ? { kind: "full", series } : { kind: "series", series },
      ...{ text: name, end },
    })),
    xLabel: {
      own: [`% of ${d} dimensions`, ", each by its own falling value", ", log scale"],
      first: [`% of ${d} dimensions`, `, in the order of ${named[0].name}`, ", log scale"],
      dimension: [`dimension, 0 to ${d - 1}`],
    }[order],
    yLabel: "value (multiples of its mean)",
    draw: (area) => {
      const [wide, tall] = [area.right - area.left, area.bottom - area.top];
      const log = fitAxes([1 / d, 1], [0, 1], 2);
      const xTicks: readonly AxisTick[] = flat ? linearTicks(0, d - 1, wide / 80).filter(({ value }) => value < d) : log.xTicks;
      const at = ({ value }: AxisTick): number => area.left + wide * (flat ? value / (d - 1) : log.x(value));
      const yTicks = linearTicks(0, highest, tall / 50);
      const x = Float64Array.from({ length: d }, (_, i) => (flat ? i : (i + 1) / d));
      const thin = flat ? { strokeWidth: 1, strokeOpacity: 0.8 } : { strokeWidth: 2 };
      const marks = drawn.map((y, i): Markish => {
        if (order === "first" && i > 0) return specks(area, x, y, i);
        return line(x, { x, y, ...strokeOf(area.paint(i, "line")), ...thin });
      });
      return {
        x: flat ? { type: "linear", domain: [0, d - 1] } : { type: "log", domain: [1 / d, 1] },
        y: { type: "linear", domain: [0, yTicks[yTicks.length - 1].value] },
        marks: [
          ...yAxisMarks(area, yTicks, 0),
          ...xAxisMarks(area, xTicks, at),
          ruleY([1], { ...strokeOf(area.paint("muted", "line")), strokeDasharray: "2 4" }),
          ...marks.reverse(),
        ],
      };
    },
  });
}

/** A dot a dimension as one path: thousands of elements would be slow to show and large to store. */
function specks({ paint }: Area, x: Float64Array, y: Float64Array, i: number): Markish {
  const { className, colour } = paint(i, "line");
  const render: RenderFunction = (_, scales, __, ___, context) => {
    const document = context.ownerSVGElement.ownerDocument;
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    const [across, up] = [scales.x as (value: number) => number, scales.y as (value: number) => number];
    const attributes = {
      ...{ class: className, fill: "none", stroke: colour, "stroke-width": 3.5, "stroke-linecap": "round", "stroke-opacity": 0.6 },
      d: Array.from(x, (value, j) => `M${across(value)},${up(y[j])}h0`).join(""),
    };
    for (const [name, value] of Object.entries(attributes)) path.setAttribute(name, String(value));
    return path;
  };
  return render as unknown as Markish;
}
