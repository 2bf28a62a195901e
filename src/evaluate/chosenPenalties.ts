import { penaltyAt } from "../plan/countLayout.ts";
import type { Counts } from "../score/score.ts";
import type { ChosenPenalties } from "./results.ts";

/** What was chosen over the episodes, of `width` counts each, where an arm's C stands at place `at` of each; null for an arm that has none. */
export function chosenPenalties({ correct, totals }: Counts, width: number, at: number): ChosenPenalties | null {
  const values = Float64Array.from(totals, (_, e) => penaltyAt(correct, e * width + at)).sort();
  const n = values.length;
  if (!(values[0] > 0)) return null;
  const half = n >> 1;
  const median = n % 2 ? values[half] : (values[half - 1] + values[half]) / 2;
  return { median, least: values[0], most: values[n - 1] };
}
