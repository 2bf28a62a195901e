import { expect } from "vitest";

/** Runs `work` and expects it to leave `inputs` as they were, to the bit; returns its result. */
export function leavesAlone<T>(inputs: unknown, work: () => T): T {
  const before = structuredClone(inputs);
  const result = work();
  expect(inputs).toEqual(before);
  return result;
}
