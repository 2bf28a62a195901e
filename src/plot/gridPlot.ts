import { checkOptions } from "../core/checkOptions.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import { exp } from "../core/exp.ts";
import { log } from "../core/log.ts";
import type { GridCell, RedundancyGrid } from "../evaluate/planGrid.ts";
import { shareTicks } from "../report/axes.ts";
import { share } from "../report/numbers.ts";
import { xAxisMarks, yAxisMarks } from "./axisMarks.ts";
import { type Area, bothOf, drawFrame, strokeOf } from "./frame.ts";
import { endBar, markerPath } from "./markers.ts";
import { markers, type Place, polyline, segments } from "./marks.ts";
import { SERIES } from "./palette.ts";
import { checkPlotOptions, type PlotOptions, plotOptionNames } from "./plotOptions.ts";
import { linearScale, logScale, type Scale } from "./scales.ts";
import type { Shape } from "./shapes.ts";

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
 * Draws how redundancy fades as shots and ways grow: the knee of each cell (the smallest share of dimensions that is not worse than all)
 * on a log scale against the number of shots. Each number of ways has a line, and each knee its 95 % interval.
 *
 * @param grid - the result of `redundancyGrid`
 * @param options - document, title, width, height, theme
 * @returns the svg element; `toSvg` makes a file of it
 * @throws TypeError when it is not a result or there is no document to draw in; RangeError when its schema is unknown, it has no cells or a knee outside (0, 1]
 * @example
 * ```ts
 * import { redundancyGrid, syntheticFeatures } from "softprobe";
 * import { gridPlot, toSvg } from "softprobe/plot";
 *
 * const { features, labels } = syntheticFeatures({ classes: 6, rowsPerClass: 20, dims: 100, seed: 1 });
 * const grid = await redundancyGrid(features, labels, { shots: [1, 5], ways: [2, 5], queries: 5, episodes: 10 });
 * const svg = toSvg(gridPlot(grid));
 * console.log(svg.includes("5 ways")); // → true
 * ```
 */
export function gridPlot(grid: RedundancyGrid, options: PlotOptions = {}): SVGSVGElement {
  checkOptions(options, "gridPlot", plotOptionNames);
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
      const x = linearScale([-0.5, shots.length - 0.5], [area.left, area.right]);
      const y = logScale([exp(left), exp(right)], [area.bottom - 8, area.top + 8]);
      const yTicks = shareTicks(left, right).map((value) => ({ value, label: String(Number((100 * value).toPrecision(3))) }));
      const xTicks = shots.map((value, i) => ({ value: i, label: String(value) }));
      // Labels of y need as much room as those of x have letters: 20 pixels.
      const kept = yTicks.filter((tick, i) => i === 0 || Math.abs(y(tick.value) - y(yTicks[i - 1].value)) >= 20);
      return [
        ...yAxisMarks(area, kept, y, exp(left)),
        ...xAxisMarks(area, xTicks, x),
        ...ways.flatMap((k, i) => {
          const aside = (i - (ways.length - 1) / 2) * Math.min(0.12, 0.6 / ways.length);
          const column = (cell: GridCell): number => x(shots.indexOf(cell.shots) + aside);
          return waysMarks(
            area,
            cells.filter((cell) => cell.ways === k),
            { column, y, i },
          );
        }),
      ];
    },
  });
}

/** The knees of one number of ways; lines stand a little apart, so that no interval hides another. */
function waysMarks(
  { paint }: Area,
  cells: readonly GridCell[],
  { column, y, i }: { readonly column: (cell: GridCell) => number; readonly y: Scale; readonly i: number },
): Shape[] {
  const sorted = [...cells].sort((a, b) => a.shots - b.shots);
  const places = sorted.map((cell): Place => [column(cell), y(cell.knee.fraction)]);
  const ends = sorted.map((cell) => endsOf(cell).map((share): Place => [column(cell), y(share)]));
  const marks = sorted.map((cell, c) => {
    const { ways, shots, knee } = cell;
    const between = endsOf(cell).map(share).join("–");
    const title = `${ways}-way ${shots}-shot: knee at ${share(knee.fraction)} % (${knee.dimensions} dimensions), 95 % interval ${between} %`;
    return { place: places[c], form: markerPath(i, SERIES.length), title };
  });
  const stroke = { ...strokeOf(paint(i, "line")), "stroke-width": 2 };
  const faint = { ...stroke, "stroke-opacity": 0.55 };
  return [
    markers(
      faint,
      ends.flat().map((place) => ({ place, form: endBar("stands") })),
    ),
    segments(
      faint,
      ends.map(([low, high]) => [low, high]),
    ),
    polyline(stroke, places),
    markers(bothOf(paint(i), paint("paper", "line")), marks),
  ];
}
