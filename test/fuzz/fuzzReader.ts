import { randomStream } from "../../src/core/random.ts";
import type { Meter } from "./allocations.ts";
import { mutate, mutateWithin } from "./mutate.ts";
import type { FuzzedReader } from "./readers.ts";

/** What came of fuzzing one reader. */
export interface FuzzFigures {
  readonly files: number;
  readonly mutatedBytes: number;
  /** Calls that gave something, and calls that refused by an error of ours. */
  readonly read: number;
  readonly refused: number;
  /** The most bytes that one call asked for. */
  readonly mostAllocated: number;
  /** Milliseconds of the slowest call. */
  readonly slowest: number;
}

/** Properties of the prototypes that every object has: one more, and a file has changed the program. */
const prototypes = [Object.prototype, Array.prototype, Function.prototype, String.prototype, Map.prototype];
const shape = (): string => prototypes.map((each) => Reflect.ownKeys(each).length).join();

/** Whether an error is one that a user can act on: of the right kind, and naming the function. */
function isOurs(error: unknown): boolean {
  return (error instanceof RangeError || error instanceof TypeError) && /^\w+: .+, expected /s.test(error.message);
}

/**
 * Reads mutant after mutant of a reader's corpus; file i is a function of (seed, i).
 *
 * @param each - told every file before it is read, so that whoever watches can keep the one that never ends; false ends the run
 * @throws Error naming the file's number, where a call throws what is no error of ours, asks for too much, or changes a prototype
 */
export async function fuzzReader(
  reader: FuzzedReader,
  seed: number,
  first: number,
  meter: Meter,
  each: (file: number, bytes: Uint8Array) => boolean,
): Promise<FuzzFigures> {
  for (const [c, bytes] of reader.corpus.entries()) {
    const whole = await Promise.allSettled(reader.calls(bytes).map(async (call) => call()));
    if (whole.every(({ status }) => status === "rejected")) throw new Error(`sound file ${c} is not read by any call`);
  }
  const before = shape();
  let [files, mutatedBytes, read, refused, mostAllocated, slowest] = [0, 0, 0, 0, 0, 0];
  for (let file = first; ; file++) {
    const random = randomStream(seed, "synthetic", file);
    const sound = reader.corpus[file % reader.corpus.length];
    const { bytes, changed } = reader.windows
      ? mutateWithin(random, sound, reader.windows(sound))
      : mutate(random, reader.corpus, reader.words);
    if (!each(file, bytes)) return { files, mutatedBytes, read, refused, mostAllocated, slowest };
    files++;
    mutatedBytes += changed;
    const calls = reader.calls(bytes);
    for (const [c, call] of calls.entries()) {
      const fail = (why: string, cause?: unknown): Error => new Error(`file ${file}, call ${c}: ${why}`, { cause });
      meter.reset();
      const started = performance.now();
      try {
        await call();
        read++;
      } catch (error) {
        if (!isOurs(error)) throw fail(`threw ${(error as Error)?.constructor?.name}: ${(error as Error)?.message}`, error);
        refused++;
      }
      slowest = Math.max(slowest, performance.now() - started);
      const asked = meter.bytes();
      if (asked > reader.most(bytes.length))
        throw fail(`asked for ${asked} bytes for a file of ${bytes.length}, expected at most ${reader.most(bytes.length)}`);
      mostAllocated = Math.max(mostAllocated, asked);
    }
    if (shape() !== before) throw new Error(`file ${file}: a prototype has other properties than before`);
  }
}
