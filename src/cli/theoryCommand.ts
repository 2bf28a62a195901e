import { compareTheory } from "../evaluate/compareTheory.ts";
import type { TheoryAtShots } from "../evaluate/planTheory.ts";
import { curveOptions, theoryOptions } from "../plan/optionTable.ts";
import { withFiles } from "./evalCommand.ts";
import { given } from "./given.ts";
import { loadRun } from "./loadRun.ts";
import { checkOut, deliver, progressLine } from "./output.ts";
import { plotOption, writePlot } from "./plotFile.ts";
import { readCommand } from "./readCommand.ts";

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

/** `softprobe theory`. */
export async function theoryCommand(args: readonly string[]): Promise<void> {
  const values = readCommand("theory", args);
  const plot = plotOption(values);
  await checkOut(values);
  const { features, labels, options } = await loadRun({ ...values, shots: undefined });
  const result = await compareTheory(features, labels, {
    ...{ ...options, ...given(values, theoryOptions), ...given(values, { fractions: curveOptions.fractions }) },
    onProgress: progressLine("theory"),
  });
  await writePlot(plot, async () => (await import("../plot/theoryPlot.ts")).theoryPlot(result));
  const text = [
    `Two-way nearest centroid, theory of independent normal dimensions beside ${result.episodes} episodes (± half the 95 % interval)`,
    ...result.shots.map((each) => section(each, result.dimensions)),
  ].join("\n\n");
  await deliver(values.json ? JSON.stringify(withFiles(result, values)) : text, values.out);
}
