import fc from "fast-check";
import { expect, it } from "vitest";
import { argsortDescending } from "../../src/core/argsort.ts";
import { leavesAlone } from "../properties/unchanged.ts";

const comparator = (values: Float64Array) => Int32Array.from(Array.from(values.keys()).sort((a, b) => values[b] - values[a] || a - b));

it("argsortDescending lists the largest first", () => {
  expect(argsortDescending(Float64Array.of(3, 1, 2))).toEqual(Int32Array.of(0, 2, 1));
});

it("equal values keep the order of their indices, and −0 equals 0", () => {
  expect(argsortDescending(Float64Array.of(1, 2, 1, 2))).toEqual(Int32Array.of(1, 3, 0, 2));
  expect(argsortDescending(Float64Array.of(-0, 0, -0, 0))).toEqual(Int32Array.of(0, 1, 2, 3));
  expect(argsortDescending(Float64Array.of(-5e-324, -0, 0, 5e-324))).toEqual(Int32Array.of(3, 1, 2, 0));
});

it("nothing sorts to nothing, one value to itself", () => {
  expect(argsortDescending(new Float64Array(0))).toEqual(new Int32Array(0));
  expect(argsortDescending(Float64Array.of(-7))).toEqual(Int32Array.of(0));
});

it("it is a stable comparator sort for any finite numbers: negative, ±0, denormal, huge, repeated", () => {
  const value = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(0, -0, 5e-324, -5e-324, 2.2e-308, -2.2e-308, 1, -1, 1 + 2 ** -52, 1.7e308, -1.7e308, 2 ** -1022),
    fc.integer({ min: -3, max: 3 }),
  );
  fc.assert(
    fc.property(fc.array(value, { maxLength: 60 }), (list) => {
      const values = Float64Array.from(list);
      expect(leavesAlone(values, () => argsortDescending(values))).toEqual(comparator(values));
    }),
    { numRuns: 300 },
  );
});

it("neighbouring doubles that differ in one bit, whichever of the 64 it is, are told apart", () => {
  for (let bit = 0; bit < 63; bit++) {
    for (const base of [1.5, -1.5]) {
      const values = Float64Array.of(base, base);
      const words = new BigUint64Array(values.buffer);
      words[1] ^= 1n << BigInt(bit);
      if (Number.isFinite(values[1])) expect(argsortDescending(values), `bit ${bit} of ${base}`).toEqual(comparator(values));
    }
  }
});

it("a view into a larger array sorts as its own values", () => {
  const values = Float64Array.of(9, 1, 2, 3, 9).subarray(1, 4);
  expect(argsortDescending(values)).toEqual(Int32Array.of(2, 1, 0));
});

it("many values alike in their first bits, in the worst order, are sorted all the same", () => {
  const values = Float64Array.from({ length: 3000 }, (_, i) => (i % 3 ? 1 : -1) * (1 + ((i * 7919) % 3000) * 2 ** -52));
  expect(argsortDescending(values)).toEqual(comparator(values));
});
