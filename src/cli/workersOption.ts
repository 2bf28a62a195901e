import { threads } from "../node/threads.ts";
import { here, type Workplace } from "../run/workplace.ts";
import { numberOption, type OptionValues } from "./options.ts";

/** `--workers N`: where a plan is executed; in this thread alone for 1, the default. */
export function workersOption(values: OptionValues): Workplace {
  const workers = numberOption(values, "workers", true, 1) ?? 1;
  return workers === 1 ? here : threads(workers);
}
