import { mergeShards } from "../evaluate/mergeShards.ts";
import type { Part } from "../evaluate/part.ts";
import type { Evaluation, MeasuredCurve } from "../evaluate/results.ts";
import { shardOf } from "../evaluate/shardOf.ts";
import { journalFile } from "../node/journalFile.ts";
import { takeLock } from "../node/takeLock.ts";
import { execute } from "../run/execute.ts";
import type { Plan } from "../run/plan.ts";
import type { Progress } from "../run/slices.ts";
import { filesOf } from "./filesOf.ts";
import { type OptionValues, shardOption } from "./options.ts";
import { deliver, notice } from "./output.ts";
import { untilStopped } from "./untilStopped.ts";
import { UsageError } from "./usage.ts";
import { workersOption } from "./workersOption.ts";

/** Whether a command line asks for a shard, or for a run that may be gone on with. */
export function isCounted(values: OptionValues): boolean {
  if (values.resume && values.out === undefined) throw new UsageError("--resume needs --out FILE: what is counted is kept beside it");
  return shardOption(values) !== undefined || values.resume === true;
}

/**
 * Counts a shard and writes its part, or with `--resume` all of a run, whose result `finish` writes. With `--resume` the output is locked, and everything that is counted
 * is kept in a journal beside it, from which the same command goes on. The plan is made, and so checked, under the lock.
 */
export async function countedRun<Result extends Evaluation | MeasuredCurve>(
  values: OptionValues,
  plan: () => Plan<Result>,
  onProgress: ((progress: Progress) => void) | undefined,
  finish: (result: Result) => Promise<void>,
): Promise<void> {
  const shard = shardOption(values);
  const out = values.out as string | undefined;
  const on = workersOption(values);
  const count = async (signal?: AbortSignal): Promise<void> => {
    const journal = values.resume ? journalFile(`${out}.journal`, { onNotice: notice }) : undefined;
    const counted = await execute(shardOf(plan(), shard ?? {}), { on, journal, signal, onProgress });
    const part = { ...counted, files: filesOf(values) } as Part;
    if (shard) return deliver(JSON.stringify(part), out);
    return finish(mergeShards([part]) as Result);
  };
  if (!values.resume) return count();
  const lock = await takeLock(`${out}.lock`, out!);
  try {
    await untilStopped(`what is counted is kept in ${out}.journal: run the same command again to go on`, count);
  } finally {
    lock.release();
  }
}
