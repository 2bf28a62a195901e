import { redundancyGrid } from "../evaluate/redundancyGrid.ts";
import { curveOptions, gridOptions } from "../plan/optionTable.ts";
import { withFiles } from "./evalCommand.ts";
import { given } from "./given.ts";
import { gridText } from "./gridText.ts";
import { loadRun } from "./loadRun.ts";
import { checkOut, deliver, progressLine } from "./output.ts";
import { plotOption, writePlot } from "./plotFile.ts";
import { readCommand } from "./readCommand.ts";

/** `softprobe grid`. */
export async function gridCommand(args: readonly string[]): Promise<void> {
  const values = readCommand("grid", args);
  const plot = plotOption(values);
  await checkOut(values);
  const { features, labels, options: loaded } = await loadRun({ ...values, shots: undefined, ways: undefined });
  const { shots: _shots, ways: _ways, ...options } = loaded;
  const result = await redundancyGrid(features, labels, {
    ...options,
    ...given(values, gridOptions),
    ...given(values, curveOptions),
    onProgress: progressLine("grid"),
  });
  await writePlot(plot, async () => (await import("../plot/gridPlot.ts")).gridPlot(result));
  await deliver(values.json ? JSON.stringify(withFiles(result, values)) : gridText(result), values.out);
}
