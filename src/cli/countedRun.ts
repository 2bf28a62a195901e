import { mergeShards } from "../evaluate/mergeShards.ts";
import type { Part } from "../evaluate/part.ts";
import type { Evaluation, MeasuredCurve } from "../evaluate/results.ts";
import { shardOf } from "../evaluate/shardOf.ts";
import { journalFile } from "../node/journalFile.ts";
import { takeLock } from "../node/takeLock.ts";
import { execute } from "../run/execute.ts";
import type { Plan } from "../run/plan.ts";
import type { Progress } from "../run/slices.ts";
import type { CommandValues } from "./commandTable.ts";
import { filesOf } from "./filesOf.ts";
import { deliver, notice } from "./output.ts";
import { shardOption } from "./shardOption.ts";
import { untilStopped } from "./untilStopped.ts";
import { UsageError } from "./usageError.ts";
import { workersOption } from "./workersOption.ts";

type WorkValues = Pick<CommandValues<"curve">, "shard" | "resume" | "workers" | "out">;

/** Whether a command line asks for a shard, or for a run that can be resumed. */
export function isCounted(values: WorkValues): boolean {
  if (values.resume && values.out === undefined) throw new UsageError("--resume needs --out FILE: what is counted is kept beside it");
  const shard = shardOption(values.shard);
  if (shard && (values.out ?? []).length > 1) throw new UsageError("--out is given twice, expected one file: a shard writes one part");
  return shard !== undefined || values.resume === true;
}

/**
 * Counts a shard and writes its part, or with `--resume` all of a run, whose result `finish` writes. With `--resume` the output is locked, and everything that is counted
 * is kept in a journal beside it, from which the same command goes on. The plan is made, and so checked, under the lock.
 */
export async function countedRun<Result extends Evaluation | MeasuredCurve>(
  values: WorkValues,
  plan: () => Plan<Result>,
  onProgress: (progress: Progress) => void,
  finish: (result: Result) => Promise<void>,
): Promise<void> {
  const shard = shardOption(values.shard);
  const [out] = values.out ?? [];
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
