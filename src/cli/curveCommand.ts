import { curvePlan } from "../evaluate/planCurve.ts";
import type { MeasuredCurve } from "../evaluate/results.ts";
import { curveOptions } from "../plan/optionTable.ts";
import { curveTable } from "../report/curveTable.ts";
import { curveText } from "../report/curveText.ts";
import { execute } from "../run/execute.ts";
import type { CommandValues } from "./commandTable.ts";
import { countedRun, isCounted } from "./countedRun.ts";
import { withFiles } from "./evalCommand.ts";
import { given } from "./given.ts";
import { loadRun } from "./loadRun.ts";
import { checkOut, deliver, progressLine, wantsColour } from "./output.ts";
import { plotOption, writePlot } from "./plotFile.ts";
import { readCommand } from "./readCommand.ts";
import { workersOption } from "./workersOption.ts";

/** The knee and the index, a sentence each. */
function summary({ knee, redundancyIndex }: MeasuredCurve): string {
  const percent = (share: number): string => String(Number((100 * share).toPrecision(3)));
  const { fraction, dimensions, epsilon, ci95 } = knee;
  const [low, high] = ci95.fraction.map(percent);
  const lines = [
    `Knee: ${percent(fraction)} % of the dimensions (${dimensions}) lose at most ${percent(epsilon)} points, 95 % interval ${low}–${high} %.`,
  ];
  if (redundancyIndex) {
    const { value, ci95: ends } = redundancyIndex;
    lines.push(`Redundancy index ${value.toFixed(3)}, 95 % interval ${ends[0].toFixed(3)}–${ends[1].toFixed(3)}.`);
  }
  return lines.join("\n");
}

/** Writes a curve as asked: a document, or a table and a picture in characters; and the picture for `--plot`. */
export async function deliverCurve(result: MeasuredCurve, values: CommandValues<"merge">): Promise<void> {
  await writePlot(plotOption(values), async () => (await import("../plot/curvePlot.ts")).curvePlot(result));
  const colour = wantsColour() && !values.out;
  const text = values.json
    ? JSON.stringify(result)
    : `${curveTable(result, { colour })}\n\n${summary(result)}\n\n${curveText(result, { colour })}`;
  await deliver(text, values.out);
}

/** `softprobe curve`. */
export async function curveCommand(args: readonly string[]): Promise<void> {
  const values = readCommand("curve", args);
  const on = workersOption(values);
  const counted = isCounted(values);
  plotOption(values);
  await checkOut(values);
  const { features, labels, options: loaded } = await loadRun(values);
  const options = { ...loaded, ...given(values, curveOptions) };
  const onProgress = progressLine("curve");
  const plan = () => curvePlan("redundancyCurve", features, labels, options);
  if (counted) return countedRun(values, plan, onProgress, (result) => deliverCurve(result, values));
  await deliverCurve(withFiles(await execute(plan(), { on, onProgress }), values), values);
}
