import type { LabelIndex } from "../core/labels.ts";
import { randomStream, shuffle } from "../core/random.ts";

/** Rows of a class in a random order. */
function shuffled(rows: Int32Array, seed: number, stream: "split" | "shots", index: number): Int32Array {
  return shuffle(randomStream(seed, stream, index), rows.slice());
}

/** Training and test rows by class, in random order: at least one of each for a class of two rows or more. */
export function splitRows({ rows, starts, classes }: LabelIndex, share: number, seed: number): { train: number[]; test: number[] } {
  const [train, test]: [number[], number[]] = [[], []];
  classes.forEach((_, c) => {
    const order = shuffled(rows.subarray(starts[c], starts[c + 1]), seed, "split", c);
    const held = Math.min(order.length - 1, Math.max(1, Math.round(share * order.length)));
    test.push(...order.subarray(0, held));
    train.push(...order.subarray(held));
  });
  return { train: train.sort((a, b) => a - b), test: test.sort((a, b) => a - b) };
}

/** So many rows of each class, or all it has. */
export function drawRows({ rows, starts, classes }: LabelIndex, shots: number, seed: number, draw: number): number[] {
  const drawn = classes.flatMap((_, c) =>
    Array.from(shuffled(rows.subarray(starts[c], starts[c + 1]), seed, "shots", draw * classes.length + c).subarray(0, shots)),
  );
  return drawn.sort((a, b) => a - b);
}
