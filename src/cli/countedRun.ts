import { mergeShards } from "../evaluate/mergeShards.ts";
import type { Evaluation, MeasuredCurve } from "../evaluate/results.ts";
import { type CountPartOptions, countPart, type PartRun } from "../node/countPart.ts";
import { takeLock } from "../node/takeLock.ts";
import type { Part } from "../run/part.ts";
import { filesOf } from "./filesOf.ts";
import { numberOption, type OptionValues, shardOption } from "./options.ts";
import { deliver, notice } from "./output.ts";
import { untilStopped } from "./untilStopped.ts";
import { UsageError } from "./usage.ts";

/** Whether a command line asks for a shard, or for a run that may be gone on with. */
export function isCounted(values: OptionValues): boolean {
  if (values.resume && values.out === undefined) throw new UsageError("--resume needs --out FILE: what is counted is kept beside it");
  return shardOption(values) !== undefined || values.resume === true;
}

/**
 * Counts a shard and writes its part, or with `--resume` all of a run, whose result `finish` writes. With `--resume` the output is locked, and everything that is counted
 * is kept in a journal beside it, from which the same command goes on.
 */
export async function countedRun(
  values: OptionValues,
  run: PartRun,
  more: Pick<CountPartOptions, "onProgress" | "loaded">,
  finish: (result: Evaluation | MeasuredCurve) => Promise<void>,
): Promise<void> {
  const shard = shardOption(values);
  const out = values.out as string | undefined;
  const workers = numberOption(values, "workers", true, 1) ?? 1;
  const count = async (signal?: AbortSignal): Promise<void> => {
    const journal = values.resume ? `${out}.journal` : undefined;
    const counted = await countPart(run, { ...more, ...shard, workers, journal, signal, onNotice: notice });
    const part = { ...counted, files: filesOf(values) } as Part;
    if (shard) return deliver(JSON.stringify(part), out);
    return finish(mergeShards([part]));
  };
  if (!values.resume) return count();
  const lock = await takeLock(`${out}.lock`, out!);
  try {
    await untilStopped(`what is counted is kept in ${out}.journal: run the same command again to go on`, count);
  } finally {
    lock.release();
  }
}
