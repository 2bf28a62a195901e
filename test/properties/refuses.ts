import { expect } from "vitest";

/** Expects `run` to throw an error of exactly this class and message (or a message that matches). */
export function refuses(run: () => unknown, kind: typeof RangeError | typeof TypeError, message: string | RegExp): void {
  let caught: unknown;
  try {
    run();
  } catch (error) {
    caught = error;
  }
  if (!(caught instanceof Error)) throw new Error(`nothing was thrown, expected ${kind.name}: ${message}`);
  expect(caught.message).toEqual(typeof message === "string" ? message : expect.stringMatching(message));
  expect(caught.constructor.name).toBe(kind.name);
}
