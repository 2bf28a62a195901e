import { UsageError } from "./usageError.ts";

/** `--shard i/n`, else undefined. */
export function shardOption(given: string | undefined): { readonly shard: number; readonly of: number } | undefined {
  if (given === undefined) return undefined;
  const [shard, of] = /^\d{1,7}\/\d{1,7}$/.test(given) ? given.split("/").map(Number) : [0, 0];
  if (!(shard >= 1 && shard <= of && of <= 2 ** 20)) throw new UsageError(`--shard is "${given}", expected i/n with i in 1…n, such as 2/3`);
  return { shard, of };
}
