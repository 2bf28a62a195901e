import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkChoice } from "../core/checks.ts";
import { fitAxes } from "../report/axes.ts";
import { type AxisTick, across, xAxisMarks, yAxisMarks } from "./axisMarks.ts";
import { type Area, drawFrame, strokeOf } from "./frame.ts";
import { linearTicks } from "./linearTicks.ts";
import { type Place, polyline, segments } from "./marks.ts";
import { checkPlotOptions, type PlotOptions, plotOptionNames } from "./plotOptions.ts";
import { checkProfiles, describeProfiles, orderProfiles, type Profile, type ProfileOrder, profileOrders } from "./profiles.ts";
import { linearScale, logScale } from "./scales.ts";
import { type Attributes, pixels, type Shape } from "./shapes.ts";

const caller = "profilePlot";

/** Options of `profilePlot`. */
export interface ProfilePlotOptions extends PlotOptions {
  /** `own` (default): each profile by falling value. `first`: all in the order of the first, to compare an estimate with an oracle. `dimension`: by dimension number. */
  readonly order?: ProfileOrder;
}

const profilePlotOptionNames: OptionNames<ProfilePlotOptions, PlotOptions> = { order: true };

/**
 * Draws importances or masks over dimensions, each relative to its mean. They are sorted by falling value (which shows how few dimensions
 * matter), all in the order of the first (which compares an estimate with an oracle: one dot for each dimension, and the rank correlation
 * in the legend), or by dimension number.
 *
 * @param profiles - importances or masks as `{ name, values }`, of one length
 * @param options - order, document, title, width, height, theme
 * @returns the svg element; `toSvg` makes a file of it
 * @throws TypeError when a profile is not `{ name, values }` or there is no document to draw in; RangeError when a value is negative or
 * not finite, all are 0, or lengths differ
 * @example
 * ```ts
 * import { syntheticFeatures } from "softprobe";
 * import { pairImportance, varianceImportance } from "softprobe/importance";
 * import { classStatistics } from "softprobe/statistics";
 * import { profilePlot, toSvg } from "softprobe/plot";
 *
 * const { features, labels } = syntheticFeatures({ classes: 4, rowsPerClass: 20, dims: 50, seed: 1 });
 * const statistics = classStatistics(features, labels);
 * const profiles = [
 *   { name: "oracle", values: pairImportance(statistics) },
 *   { name: "variance", values: varianceImportance(statistics) },
 * ];
 * const svg = toSvg(profilePlot(profiles, { order: "first" }));
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
      const xTicks: readonly AxisTick[] = flat
        ? linearTicks(0, d - 1, wide / 80).filter(({ value }) => value < d)
        : fitAxes([1 / d, 1], [0, 1], 2).xTicks;
      const yTicks = linearTicks(0, highest, tall / 50);
      const x = flat ? linearScale([0, d - 1], [area.left, area.right]) : logScale([1 / d, 1], [area.left, area.right]);
      const y = linearScale([0, yTicks[yTicks.length - 1].value], [area.bottom, area.top]);
      const thin: Attributes = flat ? { "stroke-width": 1, "stroke-opacity": 0.8 } : { "stroke-width": 2 };
      const shapes = drawn.map((values, i): Shape => {
        const places = Array.from(values, (value, j): Place => [x(flat ? j : (j + 1) / d), y(value)]);
        if (order === "first" && i > 0) return specks(area, places, i);
        return polyline({ ...strokeOf(area.paint(i, "line")), ...thin }, places);
      });
      return [
        ...yAxisMarks(area, yTicks, y, 0),
        ...xAxisMarks(area, xTicks, x),
        segments({ ...strokeOf(area.paint("muted", "line")), "stroke-dasharray": "2 4" }, [across(area, y(1))]),
        ...shapes.reverse(),
      ];
    },
  });
}

/** A dot a dimension as one path: thousands of elements would be slow to show and large to store. */
function specks({ paint }: Area, places: readonly Place[], i: number): Shape {
  const round = { fill: "none", "stroke-width": 3.5, "stroke-linecap": "round", "stroke-opacity": 0.6 };
  return ["path", { ...strokeOf(paint(i, "line")), ...round, d: places.map(([x, y]) => `M${pixels(x)},${pixels(y)}h0`).join("") }];
}
