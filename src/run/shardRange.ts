import type { OptionNames } from "../core/checkOptions.ts";
import { checkCount } from "../core/checks.ts";
import type { JobPlace } from "../plan/job.ts";

/** Which part of a run's episodes to count. */
export interface ShardOptions {
  /** Which shard, 1 … of (default 1). */
  readonly shard?: number;
  /** How many shards the episodes are cut into (default 1). If there are more shards than episodes, some are empty. */
  readonly of?: number;
}

export const shardOptionNames: OptionNames<ShardOptions> = { shard: true, of: true };

/** The episodes of one shard: all shards together are all episodes, once each. */
export function shardRange({ shard = 1, of = 1 }: ShardOptions, episodes: number, caller: string): JobPlace {
  checkCount(of, caller, "of", 1, 2 ** 20);
  checkCount(shard, caller, "shard", 1, of);
  return { shard, of, from: Math.floor(((shard - 1) * episodes) / of), to: Math.floor((shard * episodes) / of) };
}
