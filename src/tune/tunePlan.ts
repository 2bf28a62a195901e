import type { LabelIndex } from "../core/labels.ts";
import { drawSets } from "./tuneEvidence.ts";

/** Which base classes play the task's classes, how often. */
export interface TunePlan {
  readonly sets: readonly Int32Array[];
  readonly draws: number;
  readonly queries: number;
  /** Classes that each set may learn from. */
  readonly outside: number;
}

/** Sets that a task should find free of its own classes: on average so many that hardly any task finds fewer than a choice needs. */
const wantedSets = 10;
const drawsPerSet = 8;
/** The least share of sets that may be free of a task's classes: below it, sets of fewer ways say more, for more of them serve each task. */
const leastShare = 1 / 3;

/** The chance that `ways` of `classes` classes are all among the `outside` that a task leaves. */
function shareOutside(classes: number, outside: number, ways: number): number {
  let share = 1;
  for (let i = 0; i < ways; i++) share *= (outside - i) / (classes - i);
  return share;
}

/** Classes with enough rows for `shots` and at least one query, and the queries that all of them can give. */
function eligible({ starts, classes }: LabelIndex, shots: number, queries: number): { codes: number[]; queries: number } {
  const size = (c: number) => starts[c + 1] - starts[c];
  const least = shots + Math.min(queries, 5);
  const codes = Array.from(classes.keys()).filter((c) => size(c) >= least);
  return { codes, queries: codes.reduce((most, c) => Math.min(most, size(c) - shots), queries) };
}

/**
 * Plans base episodes over the features' own classes, for tasks that each leave out their own: as many ways as the task has, or fewer where
 * too few sets would be free of its classes. null when no set could be.
 */
export function planShared(index: LabelIndex, task: { ways: number; shots: number; queries: number; seed: number }): TunePlan | null {
  const { codes, queries } = eligible(index, task.shots, task.queries);
  const outside = codes.length - task.ways;
  if (outside < 2) return null;
  let ways = Math.min(task.ways, outside);
  while (ways > 2 && shareOutside(codes.length, outside, ways) < leastShare) ways--;
  const count = Math.ceil(wantedSets / shareOutside(codes.length, outside, ways));
  return {
    sets: drawSets(codes, ways, Math.min(count, 40), task.seed),
    draws: drawsPerSet,
    queries,
    outside: index.classes.length - task.ways,
  };
}

/** Plans base episodes over classes that no task uses: a base set. At least two classes are left over to learn from. null with fewer than four. */
export function planBase(index: LabelIndex, task: { ways: number; shots: number; queries: number; seed: number }): TunePlan | null {
  const { codes, queries } = eligible(index, task.shots, task.queries);
  const ways = Math.min(task.ways, Math.max(2, Math.floor(codes.length / 2)), codes.length - 2);
  if (ways < 2) return null;
  return { sets: drawSets(codes, ways, 2 * wantedSets, task.seed), draws: drawsPerSet, queries, outside: index.classes.length };
}
