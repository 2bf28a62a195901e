import { gridPlan } from "../evaluate/planGrid.ts";
import { curveOptions, gridOptions } from "../plan/optionTable.ts";
import { execute } from "../run/execute.ts";
import { columnWriters } from "./columnFormats.ts";
import { withFiles } from "./evalCommand.ts";
import { given } from "./given.ts";
import { gridColumns, gridCsv, gridText } from "./gridText.ts";
import { loadImportance } from "./loadOwn.ts";
import { loadRun } from "./loadRun.ts";
import { progressLine } from "./output.ts";
import { outputsOf, writeOutputs } from "./outputs.ts";
import { readCommand } from "./readCommand.ts";
import { workersOption } from "./workersOption.ts";

/** `softprobe grid`. */
export async function gridCommand(args: readonly string[]): Promise<void> {
  const values = readCommand("grid", args);
  const on = workersOption(values);
  const outputs = await outputsOf(values, ["table", "json", "csv", "md", "tex", "svg"]);
  const { features, labels, options: loaded } = await loadRun({ ...values, shots: undefined, ways: undefined });
  const { shots: _shots, ways: _ways, ...options } = loaded;
  const { importance: ranking, ...rest } = given(values, curveOptions);
  const own = ranking === undefined ? {} : { importance: await loadImportance(ranking) };
  const plan = gridPlan("redundancyGrid", features, labels, { ...options, ...given(values, gridOptions), ...rest, ...own });
  const result = await execute(plan, { on, onProgress: progressLine("grid") });
  await writeOutputs(outputs, {
    table: () => gridText(result),
    json: () => withFiles(result, values),
    csv: () => gridCsv(result),
    ...columnWriters(() => gridColumns(result)),
    svg: async () => (await import("../plot/gridPlot.ts")).gridPlot(result),
  });
}
