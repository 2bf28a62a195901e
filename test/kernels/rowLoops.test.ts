import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Matrix } from "../../src/core/matrix.ts";
import { normalizeRow } from "../../src/core/normalizeRow.ts";
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
  it("rescale rows, once or with a mask in between, to the bits of normalizeRow; or leave them alone", () => {
    const loops = kernelLoops(createKernels("wasm"));
    const shape = fc.record({ rows: fc.integer({ min: 1, max: 19 }), cols: size, masked: fc.boolean(), first: fc.boolean(), from: seed });
    let refused = 0;
    fc.assert(
      fc.property(shape, fc.constantFrom(1, 1, 1, 0, 1e-160, 1e160, Number.NaN), ({ rows, cols, masked, first, from }, odd) => {
        const data = normals(rows * cols, from);
        data[from % data.length] *= odd;
        if (odd === 0) data.fill(0, 0, cols);
        const mask = masked ? normals(cols, from + 1).map(Math.abs) : null;
        const naive = data.slice();
        for (let i = 0; i < rows; i++) {
          if (masked && first) normalizeRow(naive, naive, i * cols, cols);
          if (mask) for (let j = 0; j < cols; j++) naive[i * cols + j] *= mask[j];
          normalizeRow(naive, naive, i * cols, cols);
        }
        const own = data.slice();
        const [l2, masking] = [
          { kind: "l2", weights: null },
          { kind: "mask", weights: mask },
        ];
        const steps = mask ? [...(first ? [l2] : []), masking, l2] : [l2];
        const done = loops.rescale!([masking, ...steps], 1, own, cols) > 0;
        if (!done) refused++;
        expect(own).toEqual(done ? naive : data);
        if (odd === 1) expect(done).toBe(true);
      }),
    );
    expect(refused).toBeGreaterThan(0);
  });

  for (const choice of choices) {
    const loops = kernelLoops(createKernels(choice));

    it(`score rows to the same bits by plain loops as by kernels (${choice})`, () => {
      fc.assert(
        fc.property(few, size, few, fc.boolean(), seed, (rows, cols, k, single, from) => {
          const values = normals(rows * cols, from);
          const matrix: Matrix = { data: single ? Float32Array.from(values) : values, rows, cols };
          const weights = normals(k * cols, from + 1);
          for (const square of [undefined, null, normals(cols, from + 2)])
            expect(plainLoops.score(matrix, weights, k, square)).toEqual(loops.score(matrix, weights, k, square));
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
