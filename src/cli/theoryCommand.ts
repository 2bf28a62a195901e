import { type TheoryAtShots, type TheoryComparison, theoryPlan } from "../evaluate/planTheory.ts";
import { curveOptions, theoryOptions } from "../plan/optionTable.ts";
import { toCsv } from "../report/csv.ts";
import { execute } from "../run/execute.ts";
import { type Columns, columnWriters } from "./columnFormats.ts";
import { withFiles } from "./evalCommand.ts";
import { given } from "./given.ts";
import { loadRun } from "./loadRun.ts";
import { progressLine } from "./output.ts";
import { outputsOf, writeOutputs } from "./outputs.ts";
import { readCommand } from "./readCommand.ts";
import { workersOption } from "./workersOption.ts";

function section({ shots, points, best, usefulDimensions }: TheoryAtShots, dimensions: number): string {
  const percent = (value: number): string => (100 * value).toFixed(1);
  const rows = points.map(({ fraction, dimensions: kept, theory, measured, ci95 }) => {
    const half = (100 * (ci95[1] - ci95[0])) / 2;
    const shares = [String(Number((100 * fraction).toPrecision(3))).padStart(6), String(kept).padStart(10)];
    return `${shares.join("  ")}  ${percent(theory).padStart(8)}  ${percent(measured).padStart(10)} ± ${half.toFixed(1)}`;
  });
  return [
    `${shots} shot${shots === 1 ? "" : "s"}`,
    "kept %  dimensions  theory %    measured %",
    ...rows,
    `Best by theory: ${best.dimensions} dimensions (${percent(best.fraction)} %), ${percent(best.accuracy)} % against ${percent(best.accuracyOfAll)} % with all.`,
    `Useful at ${shots} shot${shots === 1 ? "" : "s"} by theory, each added to all the others: ${usefulDimensions} of ${dimensions}.`,
  ].join("\n");
}

/** The same as one table. */
function columnsOf({ shots: list, episodes, dimensions }: TheoryComparison): Columns {
  const percent = (value: number): string => (100 * value).toFixed(1);
  return {
    ...{ titles: ["shots", "kept %", "dimensions", "theory %", "measured %"], names: 0 },
    lines: list.flatMap(({ shots, points }) =>
      points.map(({ fraction, dimensions: kept, theory, measured, ci95 }) => [
        ...[String(shots), String(Number((100 * fraction).toPrecision(3))), String(kept), percent(theory)],
        `${percent(measured)} ± ${((100 * (ci95[1] - ci95[0])) / 2).toFixed(1)}`,
      ]),
    ),
    notes: [
      `Two-way nearest centroid: theory of independent normal dimensions beside ${episodes} episodes; ± is half the 95 % interval.`,
      ...list.map(
        ({ shots, best, usefulDimensions }) =>
          `At ${shots} shot${shots === 1 ? "" : "s"} the theory expects ${percent(best.accuracy)} % of ${best.dimensions} dimensions, ${percent(best.accuracyOfAll)} % of all, and finds ${usefulDimensions} of ${dimensions} useful.`,
      ),
    ],
  };
}

/** `softprobe theory`. */
export async function theoryCommand(args: readonly string[]): Promise<void> {
  const values = readCommand("theory", args);
  const on = workersOption(values);
  const outputs = await outputsOf(values, ["table", "json", "csv", "md", "tex", "svg"]);
  const { features, labels, options } = await loadRun({ ...values, shots: undefined });
  const asked = { ...given(values, theoryOptions), ...given(values, { fractions: curveOptions.fractions }) };
  const result = await execute(theoryPlan("compareTheory", features, labels, { ...options, ...asked }), {
    on,
    onProgress: progressLine("theory"),
  });
  const text = [
    `Two-way nearest centroid, theory of independent normal dimensions beside ${result.episodes} episodes (± half the 95 % interval)`,
    ...result.shots.map((each) => section(each, result.dimensions)),
  ].join("\n\n");
  await writeOutputs(outputs, {
    table: () => text,
    json: () => withFiles(result, values),
    ...columnWriters(() => columnsOf(result)),
    csv: () =>
      toCsv(
        ["shots", "fraction", "dimensions", "episodes", "theory", "measured", "ci95_low", "ci95_high"],
        result.shots.flatMap(({ shots, points }) =>
          points.map(({ fraction, dimensions, theory, measured, ci95 }) => [
            ...[shots, fraction, dimensions, result.episodes, theory, measured, ...ci95],
          ]),
        ),
      ),
    svg: async () => (await import("../plot/theoryPlot.ts")).theoryPlot(result),
  });
}
