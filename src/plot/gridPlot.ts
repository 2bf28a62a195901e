import { dot, line, link, type Markish } from "@observablehq/plot";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import { exp } from "../core/exp.ts";
import { log } from "../core/log.ts";
import type { GridCell, RedundancyGrid } from "../evaluate/planGrid.ts";
import { shareTicks } from "../report/axes.ts";
import { share } from "../report/numbers.ts";
import { xAxisMarks, yAxisMarks } from "./axisMarks.ts";
import { type Area, drawFrame, strokeOf } from "./frame.ts";
import { endBar, markerSymbol } from "./markers.ts";
import { SERIES } from "./palette.ts";
import { checkPlotOptions, type PlotOptions } from "./plotOptions.ts";

const caller = "gridPlot";

/** Checks that `grid` is what `redundancyGrid` returned, or its JSON read back. */
function checkGrid(grid: RedundancyGrid): RedundancyGrid {
  if (grid === null || typeof grid !== "object") throw kindError(caller, "grid", grid, "a softprobe/grid@1 document");
  if (grid.schema !== "softprobe/grid@1")
    throw valueError(caller, "grid.schema", `is ${JSON.stringify(grid.schema)}`, '"softprobe/grid@1"');
  if (!Array.isArray(grid.cells) || grid.cells.length === 0) throw shapeError(caller, "grid.cells", "no entries", "at least 1");
  grid.cells.forEach(({ knee }, i) => {
    if (!(knee?.fraction > 0 && knee.fraction <= 1))
      throw valueError(caller, `grid.cells[${i}].knee.fraction`, `is ${knee?.fraction}`, "a share above 0 and at most 1");
  });
  return grid;
}

const ascending = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);

/** The ends of a knee's interval; those of the knee itself where there is none. */
function endsOf({ knee }: GridCell): readonly [number, number] {
  const ends = knee.ci95?.fraction;
  return ends && ends[0] > 0 && ends[1] <= 1 ? ends : [knee.fraction, knee.fraction];
}

/**
 * Draws how redundancy fades as shots and ways grow: the knee of each cell's curve, the fewest dimensions not worse than all, as a share on a log scale against the number
 * of shots, a line for each number of ways, with the knees' 95 % intervals.
 *
 * @param grid - the result of `redundancyGrid`
 * @param options - document, title, width, height, theme
 * @returns the svg element; `toSvg` makes a file of it
 * @throws TypeError when it is no document of results or there is no document to draw in; RangeError when its schema is another, it has no cells or a knee outside (0, 1]
 * @example
 * ```ts
 * import { redundancyGrid, syntheticFeatures } from "softprobe";
 * import { gridPlot, plotDocument, toSvg } from "softprobe/plot";
 *
 * const { features, labels } = syntheticFeatures({ classes: 6, rowsPerClass: 20, dims: 100, seed: 1 });
 * const grid = await redundancyGrid(features, labels, { shots: [1, 5], ways: [2, 5], queries: 5, episodes: 10 });
 * const svg = toSvg(gridPlot(grid, { document: await plotDocument() }));
 * console.log(svg.includes("5 ways")); // → true
 * ```
 */
export function gridPlot(grid: RedundancyGrid, options: PlotOptions = {}): SVGSVGElement {
  const { cells, episodes, skipped = [] } = checkGrid(grid);
  const checked = checkPlotOptions(options, caller, "Dimensions needed, by shots and ways");
  const shots = ascending(cells.map((cell) => cell.shots));
  const ways = ascending(cells.map((cell) => cell.ways));
  const epsilon = share(cells[0].knee.epsilon);
  const said = cells.map(({ ways: k, shots: own, knee }) => `${k}-way ${own}-shot: ${share(knee.fraction)} % (${knee.dimensions}).`);
  const missing =
    skipped.length === 0 ? "" : ` Left out, for too few data: ${skipped.map((cell) => `${cell.ways}-way ${cell.shots}-shot`).join(", ")}.`;
  const shares = cells.flatMap((cell) => [cell.knee.fraction, ...endsOf(cell)]);
  const right = log(Math.max(...shares));
  const left = Math.min(log(Math.min(...shares)), right - Math.LN10);
  return drawFrame({
    options: checked,
    description: `The knee of the redundancy curve (within ${epsilon} points of all dimensions) over ${episodes} episodes a cell. ${said.join(" ")}${missing}`,
    legend: [
      ...ways.map((k, series) => ({ swatch: { kind: "series", series, marker: true } as const, text: `${k} ways` })),
      { swatch: { kind: "bar" }, text: "95 % interval" },
    ],
    left: 70,
    xLabel: ["shots", " (support rows a class)"],
    yLabel: "dimensions needed (%)",
    draw: (area) => {
      const up = (value: number): number => ((log(value) - left) / (right - left)) * (area.bottom - area.top);
      const yTicks = shareTicks(left, right).map((value) => ({ value, label: String(Number((100 * value).toPrecision(3))) }));
      const step = (area.right - area.left) / shots.length;
      const xTicks = shots.map((value, i) => ({ value: i, label: String(value) }));
      // Labels of y need as much room as those of x have letters: 20 pixels.
      const kept = yTicks.filter((tick, i) => i === 0 || Math.abs(up(tick.value) - up(yTicks[i - 1].value)) >= 20);
      return {
        x: { type: "linear", domain: [-0.5, shots.length - 0.5] },
        y: { type: "log", domain: [exp(left), exp(right)], insetTop: 8, insetBottom: 8 },
        marks: [
          ...yAxisMarks(area, kept, exp(left)),
          ...xAxisMarks(area, xTicks, ({ value }) => area.left + (value + 0.5) * step),
          ...ways.flatMap((k, i) =>
            waysMarks(
              area,
              cells.filter((cell) => cell.ways === k),
              { shots, i, count: ways.length },
            ),
          ),
        ],
      };
    },
  });
}

/** The knees of one number of ways; lines stand a little apart, so that no interval hides another. */
function waysMarks(
  { paint }: Area,
  cells: readonly GridCell[],
  { shots, i, count }: { readonly shots: readonly number[]; readonly i: number; readonly count: number },
): Markish[] {
  const sorted = [...cells].sort((a, b) => a.shots - b.shots);
  const aside = (i - (count - 1) / 2) * Math.min(0.12, 0.6 / count);
  const x = sorted.map((cell) => shots.indexOf(cell.shots) + aside);
  const ends = sorted.map(endsOf);
  const y = sorted.map(({ knee }) => knee.fraction);
  const title = sorted.map(({ ways, shots: own, knee }, c) => {
    const between = `${share(ends[c][0])}–${share(ends[c][1])} %`;
    return `${ways}-way ${own}-shot: knee at ${share(knee.fraction)} % (${knee.dimensions} dimensions), 95 % interval ${between}`;
  });
  const [fill, halo, stroke] = [paint(i), paint("paper", "line"), strokeOf(paint(i, "line"))];
  return [
    dot([...ends.flat()], {
      ...{ x: x.flatMap((value) => [value, value]), y: ends.flat(), symbol: endBar("across"), fill: "none", ...stroke },
      ...{ strokeWidth: 2, strokeOpacity: 0.55 },
    }),
    link(sorted, {
      x1: x,
      x2: x,
      y1: ends.map(([low]) => low),
      y2: ends.map(([, high]) => high),
      ...stroke,
      strokeWidth: 2,
      strokeOpacity: 0.55,
    }),
    line(sorted, { x, y, ...stroke, strokeWidth: 2 }),
    dot(sorted, {
      ...{ x, y, title, symbol: markerSymbol(i, SERIES.length) },
      ...{ className: `${fill.className} ${halo.className}`, fill: fill.colour, stroke: halo.colour, strokeWidth: 1 },
    }),
  ];
}
