import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Matrix } from "../../src/core/matrix.ts";
import { randomNormal, randomStream } from "../../src/core/random.ts";
import { createKernels, type KernelChoice } from "../../src/kernels/createKernels.ts";
import { kernelLoops } from "../../src/kernels/kernelLoops.ts";
import { withLoops } from "../../src/kernels/loopsInUse.ts";
import { plainLoops } from "../../src/kernels/plainLoops.ts";
import type { MatrixStep } from "../../src/kernels/rowLoops.ts";

const choices: readonly KernelChoice[] = ["js", "auto"];
/** Sizes about the ends of lanes, panels of 32 and blocks of 256. */
const size = fc.constantFrom(1, 2, 3, 31, 32, 33, 70, 255, 257, 520);
const seed = fc.integer({ min: 0, max: 1e6 });
const few = fc.integer({ min: 1, max: 3 });

function normals(count: number, from: number): Float64Array {
  const random = randomStream(from, "synthetic");
  return Float64Array.from({ length: count }, () => randomNormal(random));
}
const steps: Readonly<Record<string, (d: number, r: number, from: number) => MatrixStep>> = {
  "a matrix": (d, r, from) => ({ kind: "transform", dimensions: r, matrix: normals(d * r, from) }),
  "a triangular matrix, by substitution": (d, _, from) => ({
    kind: "solve",
    lower: normals(d * d, from).map((value, at) => (at % (d + 1) === 0 ? 2 + Math.abs(value) : value / d)),
  }),
  "few directions and the rest": (d, r, from) => ({
    ...{ kind: "lowRank", vectors: normals(r * d, from), gains: normals(r, from + 1), rest: 0.3 },
  }),
  "few directions, beside what they leave": (d, r, from) => ({ kind: "split", vectors: normals(r * d, from) }),
};

describe("the loops of a trained head", () => {
  for (const choice of choices) {
    const loops = kernelLoops(createKernels(choice));

    it(`score rows to the same bits by plain loops as by kernels (${choice})`, () => {
      fc.assert(
        fc.property(few, size, few, fc.boolean(), seed, (rows, cols, k, single, from) => {
          const values = normals(rows * cols, from);
          const matrix: Matrix = { data: single ? Float32Array.from(values) : values, rows, cols };
          const weights = normals(k * cols, from + 1);
          expect(plainLoops.score(matrix, weights, k)).toEqual(loops.score(matrix, weights, k));
        }),
      );
    });

    for (const [name, make] of Object.entries(steps)) {
      it(`multiply rows by ${name} to the same bits by plain loops as by kernels (${choice})`, () => {
        fc.assert(
          fc.property(few, size, fc.constantFrom(1, 3, 33, 257), seed, (n, d, r, from) => {
            const step = make(d, r, from);
            const rows = normals(n * d, from + 2);
            const before = rows.slice();
            expect(plainLoops.multiply(rows, d, step)).toEqual(loops.multiply(rows, d, step));
            expect(rows).toEqual(before);
          }),
          { numRuns: 30 },
        );
      });
    }
  }

  it("are those of kernels once a program has made some", () => {
    createKernels("js");
    withLoops((loops) => expect(loops).not.toBe(plainLoops));
  });
});
