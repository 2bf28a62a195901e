import type { GridCell, RedundancyGrid } from "../evaluate/planGrid.ts";
import { unconvergedSentence } from "../report/columns.ts";
import { toCsv } from "../report/csv.ts";
import type { Columns } from "./columnFormats.ts";

const percent = (share: number): string => String(Number((100 * share).toPrecision(2)));

/** Lays out one figure a cell: ways down, shots across. */
function table(grid: RedundancyGrid, figure: (cell: GridCell) => string): string[] {
  const { shots = [], ways = [] } = grid.config;
  const rows = ways.map((way) => [
    `${way}-way`,
    ...shots.map((shot) => {
      const cell = grid.cells.find((each) => each.shots === shot && each.ways === way);
      return cell ? figure(cell) : "–";
    }),
  ]);
  const lines = [["", ...shots.map((shot) => `${shot} shot${shot === 1 ? "" : "s"}`)], ...rows];
  const widths = lines[0].map((_, j) => Math.max(...lines.map((line) => line[j].length)));
  return lines.map((line) => line.map((text, j) => (j === 0 ? text.padEnd(widths[j]) : text.padStart(widths[j]))).join("  "));
}

/** A grid for people: the knee, the index and the accuracy of every number of shots and ways, and what is missing and why. */
export function gridText(grid: RedundancyGrid): string {
  const { config, cells, skipped, episodes } = grid;
  const { epsilon } = cells[0].knee;
  const range = ([low, high]: readonly [number, number], write: (value: number) => string): string => `[${write(low)}, ${write(high)}]`;
  const index = ({ redundancyIndex }: GridCell): string =>
    redundancyIndex ? `${redundancyIndex.value.toFixed(3)} ${range(redundancyIndex.ci95, (value) => value.toFixed(3))}` : "–";
  return [
    `Knee: % of dimensions, the most important by ${String(config.importance)}, that lose at most ${percent(epsilon)} points of accuracy [95 % interval]`,
    ...table(grid, ({ knee }) => `${percent(knee.fraction)} ${range(knee.ci95.fraction, percent)}`),
    "",
    "Redundancy index: share of the accuracy above chance that is kept, mean over sizes on a log scale [95 % interval]",
    ...table(grid, index),
    "",
    "Accuracy %, best number of dimensions looked at / all",
    ...table(grid, ({ points, accuracy }) => {
      const best = Math.max(...points.map((point) => point.accuracy));
      return `${(100 * best).toFixed(1)} / ${accuracy ? (100 * accuracy.accuracy).toFixed(1) : "–"}`;
    }),
    "",
    `${episodes} episodes a cell.`,
    ...[unconvergedSentence(grid.unconverged)].filter(Boolean),
    ...skipped.map(({ shots, ways, reason }) => `${ways}-way ${shots}-shot was skipped: ${reason}`),
  ].join("\n");
}

/** The same as one table, a line a cell. */
export function gridColumns(grid: RedundancyGrid): Columns {
  const { config, cells, skipped, episodes } = grid;
  return {
    ...{ titles: ["ways", "shots", "knee % [95 % interval]", "dimensions", "index [95 % interval]", "accuracy %"], names: 0 },
    lines: cells.map(({ ways, shots, knee, redundancyIndex: index, accuracy }) => [
      ...[String(ways), String(shots)],
      `${percent(knee.fraction)} [${knee.ci95.fraction.map(percent).join(", ")}]`,
      String(knee.dimensions),
      index ? `${index.value.toFixed(3)} [${index.ci95.map((value) => value.toFixed(3)).join(", ")}]` : "–",
      accuracy ? (100 * accuracy.accuracy).toFixed(1) : "–",
    ]),
    notes: [
      `${episodes} episodes a cell. The knee is the least share of dimensions, the most important by ${String(config.importance)}, that loses at most ${percent(cells[0].knee.epsilon)} points of accuracy.`,
      ...[unconvergedSentence(grid.unconverged)].filter(Boolean),
      ...skipped.map(({ shots, ways, reason }) => `${ways}-way ${shots}-shot was skipped: ${reason}.`),
    ],
  };
}

/** The same for programs: a line each cell, fractions of 1 in full precision. */
export function gridCsv({ cells, episodes }: RedundancyGrid): string {
  return toCsv(
    [
      "ways",
      "shots",
      "episodes",
      "knee_fraction",
      "knee_dimensions",
      "knee_low",
      "knee_high",
      "index",
      "index_low",
      "index_high",
      "accuracy",
    ],
    cells.map(({ ways, shots, knee, redundancyIndex, accuracy }) => [
      ...[ways, shots, episodes, knee.fraction, knee.dimensions, ...knee.ci95.fraction],
      ...(redundancyIndex ? [redundancyIndex.value, ...redundancyIndex.ci95] : [null, null, null]),
      accuracy?.accuracy,
    ]),
  );
}
