import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomNormal, randomStream } from "../../src/core/random.ts";
import { loadRows } from "../../src/kernels/loadRows.ts";
import { columnScales, normsOf, roomForShorts, roughMean, unitScale, widestOf } from "../../src/solve/primalRows.ts";
import { usedKernels } from "../properties/gramProblem.ts";

describe("the scale that brings a value between 1 and 2", () => {
  it("is a power of two", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-270, max: 1e270, noNaN: true }), (value) => {
        const scale = unitScale(value);
        expect(value * scale).toBeGreaterThanOrEqual(1);
        expect(value * scale).toBeLessThan(2);
        expect(unitScale(scale)).toBe(1 / scale);
      }),
    );
    expect([0.25, 1, 1.5, 2, 3, 1024].map(unitScale)).toEqual([4, 1, 1, 0.5, 0.5, 1 / 1024]);
  });

  it("is 1 of what has none, and never beyond 2^±900", () => {
    expect([0, -1, Number.POSITIVE_INFINITY, Number.NaN].map(unitScale)).toEqual([1, 1, 1, 1]);
    expect([5e-324, 2 ** -901, 2 ** -900, 2 ** 900, 2 ** 901, Number.MAX_VALUE].map(unitScale)).toEqual([
      ...[2 ** 900, 2 ** 900, 2 ** 900],
      ...[2 ** -900, 2 ** -900, 2 ** -900],
    ]);
  });
});

it("the widest logit is the largest of either sign, without what pads a row", () => {
  const logits = Float64Array.of(99, 1, -2, 3, 88, -5, 4, 0.5, 77, 2, 3, 1, -66);
  expect([1, 2, 3].map((n) => widestOf(logits, 1, n, 3, 4))).toEqual([3, 5, 5]);
  expect(widestOf(logits, 1, 0, 3, 4)).toBe(0);
  expect(widestOf(Float64Array.of(-7, 6), 0, 1, 2, 2)).toBe(7);
});

it("rows may be integers of 16 bits too where these take half a GB at most, rows padded to vectors of eight", () => {
  expect([2 ** 20, 2 ** 20 + 1].map((rows) => roomForShorts(rows, 256))).toEqual([true, false]);
  expect([2 ** 20 - 2 ** 15, 2 ** 20].map((rows) => roomForShorts(rows, 260))).toEqual([true, false]);
});

/** Rows of seven columns in kernel memory that others have used, as singles and as doubles, and their values. */
function loaded(rows: number, single: boolean, scales: readonly number[] = [1, 1, 1, 1, 1, 1, 1]) {
  const random = randomStream(rows, "synthetic");
  const data = new (single ? Float32Array : Float64Array)(rows * 7).map((_, at) => scales[at % 7] * (3 + randomNormal(random)));
  const kernels = usedKernels();
  return { kernels, data, at: loadRows(kernels.memory, { data, rows, cols: 7 }) };
}
const columns = [0, 1, 2, 3, 4, 5, 6];

describe.each([true, false])("of rows of singles: %s", (single) => {
  it.each([
    [1, 1],
    [6, 1],
    [1017, 1],
    [1018, 2],
    [1527, 3],
    [1530, 3],
  ])("the mean of %d is of every %dth, and 0 in the columns that pad them", (rows, by) => {
    const { kernels, data, at } = loaded(rows, single);
    const to = kernels.memory.allocate(8 * at.stride);
    roughMean(kernels, at, to);
    const mean = kernels.memory.f64.subarray(to >>> 3, (to >>> 3) + at.stride);
    const taken = Array.from({ length: rows }, (_, i) => i).filter((i) => i % by === 0);
    for (const j of columns) {
      const plain = taken.reduce((sum, i) => sum + data[i * 7 + j], 0) / taken.length;
      expect(Math.abs(mean[j] - plain)).toBeLessThan(single ? 2 ** -23 * plain : 1e-13);
      expect(Math.fround(mean[j]) === mean[j]).toBe(single);
    }
    expect(Array.from(mean.subarray(7)).every((value) => value === 0)).toBe(true);
  });

  it.each([
    [5, 1],
    [201, 1],
    [202, 2],
    [303, 3],
  ])("the scales of columns of %d are by every %dth: they bring columns to the size of the largest, about", (rows, by) => {
    const { kernels, data, at } = loaded(rows, single, [1, 1e-3, 40, 1e-8, 0.3, 1e-12, 0]);
    const { memory } = kernels;
    const [mean, to] = [memory.allocate(8 * at.stride), memory.allocate(16 * at.stride)];
    memory.f64.fill(0, mean >>> 3, (mean >>> 3) + at.stride);
    for (const j of columns) memory.f64[(mean >>> 3) + j] = 2.5 * data[j];
    for (const less of [0, mean]) {
      columnScales(kernels, at, less, to);
      const taken = Array.from({ length: rows }, (_, i) => i).filter((i) => i % by === 0);
      const sizes = columns.map((j) => Math.max(...taken.map((i) => Math.abs(data[i * 7 + j] - (less ? 2.5 * data[j] : 0)))));
      const largest = Math.max(...sizes);
      columns.forEach((j) => {
        const scale = memory.f64[(to >>> 3) + j];
        expect(memory.f64[(to >>> 3) + at.stride + j]).toBe(1 / scale);
        // Columns that are next to nothing stay so.
        if (sizes[j] < 1e-9 * largest) expect(scale).toBe(1);
        else expect(scale).toBe(unitScale(sizes[j] / largest));
      });
      expect(memory.f64.slice((to >>> 3) + 7, (to >>> 3) + at.stride).every((scale) => scale === 1)).toBe(true);
    }
  });

  it("norms are Euclidean, and leave memory as it was", () => {
    const { kernels, data, at } = loaded(9, single);
    const before = kernels.memory.mark();
    const norms = normsOf(kernels, at);
    expect(kernels.memory.mark()).toBe(before);
    expect(norms.length).toBe(9);
    norms.forEach((norm, i) => {
      expect(Math.abs(norm / Math.hypot(...data.subarray(7 * i, 7 * i + 7)) - 1)).toBeLessThan(1e-15);
    });
  });
});
