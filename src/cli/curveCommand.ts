import type { MeasuredCurve } from "../evaluate/results.ts";
import { curveTable } from "../report/curveTable.ts";
import { curveText } from "../report/curveText.ts";
import { withFiles } from "./evalCommand.ts";
import { importanceOption } from "./importanceOption.ts";
import { inThreads } from "./inThreads.ts";
import { loadRun } from "./loadRun.ts";
import { epsilonOption, fractionsOption } from "./numberLists.ts";
import { choiceOption, curveOptions, parseOptions } from "./options.ts";
import { checkOut, deliver, progressLine, wantsColour } from "./output.ts";
import { plotOption, writePlot } from "./plotFile.ts";

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

/** `softprobe curve`. */
export async function curveCommand(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, curveOptions);
  const asked = {
    importance: importanceOption(values),
    fractions: fractionsOption(values),
    epsilon: epsilonOption(values),
  };
  const threads = inThreads(values);
  const plot = plotOption(values);
  await checkOut(values);
  const probe = choiceOption(values, "probe", ["softmax", "centroid"]);
  const run = await loadRun(values);
  const result = await threads.redundancyCurve(run, {
    ...run.options,
    ...asked,
    probe,
    onProgress: progressLine("curve"),
  });
  await writePlot(plot, async (options) => (await import("../plot/curvePlot.ts")).curvePlot(result, options));
  const colour = wantsColour() && !values.out;
  const text = values.json
    ? JSON.stringify(withFiles(result, values))
    : `${curveTable(result, { colour })}\n\n${summary(result)}\n\n${curveText(result, { colour })}`;
  await deliver(text, values.out as string | undefined);
}
