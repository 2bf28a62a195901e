import { redundancyGrid } from "../evaluate/redundancyGrid.ts";
import { withFiles } from "./evalCommand.ts";
import { gridText } from "./gridText.ts";
import { importanceOption } from "./importanceOption.ts";
import { loadRun } from "./loadRun.ts";
import { countsOption, epsilonOption, fractionsOption } from "./numberLists.ts";
import { choiceOption, gridOptions, parseOptions } from "./options.ts";
import { checkOut, deliver, progressLine } from "./output.ts";
import { plotOption, writePlot } from "./plotFile.ts";

/** `softprobe grid`. */
export async function gridCommand(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, gridOptions);
  const asked = {
    shots: countsOption(values, "shots", 1),
    ways: countsOption(values, "ways", 2),
    importance: importanceOption(values),
    fractions: fractionsOption(values),
    epsilon: epsilonOption(values),
    probe: choiceOption(values, "probe", ["softmax", "centroid"]),
  };
  const plot = plotOption(values);
  await checkOut(values);
  const { features, labels, options } = await loadRun({ ...values, shots: undefined, ways: undefined });
  const result = await redundancyGrid(features, labels, { ...options, ...asked, onProgress: progressLine("grid") });
  await writePlot(plot, async () => (await import("../plot/gridPlot.ts")).gridPlot(result));
  await deliver(values.json ? JSON.stringify(withFiles(result, values)) : gridText(result), values.out as string | undefined);
}
