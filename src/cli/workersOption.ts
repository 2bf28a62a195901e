import { here, type Workplace } from "../core/workplace.ts";
import { threads } from "../node/threads.ts";

/** `--workers N`: where work is done: in this thread alone for 1, the default. */
export function workersOption({ workers = 1 }: { readonly workers?: number }): Workplace {
  return workers === 1 ? here : threads(workers);
}
