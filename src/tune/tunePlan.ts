import type { LabelIndex } from "../core/labels.ts";
import { drawSets } from "./tuneEvidence.ts";

/** Which base classes play the task's classes, how often. */
export interface TunePlan {
  readonly sets: readonly Int32Array[];
  readonly draws: number;
  readonly queries: number;
}

/** Half the sets of base classes: each half must be enough for a choice. */
const wantedSets = 10;
export const drawsPerSet = 8;
/** Classes with enough rows for `shots` and at least one query, and the queries that all of them can give. */
function eligible({ starts, classes }: LabelIndex, shots: number, queries: number): { codes: number[]; queries: number } {
  const size = (c: number) => starts[c + 1] - starts[c];
  const least = shots + Math.min(queries, 5);
  const codes = Array.from(classes.keys()).filter((c) => size(c) >= least);
  return { codes, queries: codes.reduce((most, c) => Math.min(most, size(c) - shots), queries) };
}

/** Plans base episodes over classes that no task uses: a base set. At least two classes are left over to learn from. null with fewer than four. */
export function planBase(index: LabelIndex, task: { ways: number; shots: number; queries: number; seed: number }): TunePlan | null {
  const { codes, queries } = eligible(index, task.shots, task.queries);
  const ways = Math.min(task.ways, Math.max(2, Math.floor(codes.length / 2)), codes.length - 2);
  if (ways < 2) return null;
  return { sets: drawSets(codes, ways, 2 * wantedSets, task.seed), draws: drawsPerSet, queries };
}
