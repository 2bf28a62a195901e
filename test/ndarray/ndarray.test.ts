import fc from "fast-check";
import ndarray, { type NdArray } from "ndarray";
import ops from "ndarray-ops";
import { describe, expect, it } from "vitest";
import { applyMaskInto, fromNdarray, toNdarray } from "../../src/ndarray.ts";

const f32 = Float32Array.of(1, 2, 3, 4, 5, 6);
/** All operations of ndarray-ops, of which the source declares one. */
const all = ops as unknown as Record<string, (...given: unknown[]) => unknown>;

/** A view, cut, stepped, reversed and transposed, of an ndarray that holds 0, 1, 2, …. */
const anyView = fc
  .record({
    shape: fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })),
    low: fc.tuple(fc.nat(5), fc.nat(5)),
    step: fc.tuple(fc.constantFrom(-2, -1, 1, 2), fc.constantFrom(-2, -1, 1, 2)),
    transpose: fc.boolean(),
    wide: fc.boolean(),
  })
  .map(({ shape, low, step, transpose, wide }) => {
    const values = Array.from({ length: shape[0] * shape[1] }, (_, i) => i + 0.5);
    const whole: NdArray<Float32Array | Float64Array> = ndarray(wide ? Float64Array.from(values) : Float32Array.from(values), shape);
    const cut = whole.lo(low[0] % shape[0], low[1] % shape[1]).step(...step);
    return { whole, view: transpose ? cut.transpose(1, 0) : cut };
  });
/** A new ndarray with the same values, by ndarray-ops. */
function copyOf(array: NdArray<Float32Array | Float64Array>): NdArray<Float64Array> {
  const copy = ndarray(new Float64Array(array.size), array.shape);
  all.assign(copy, array);
  return copy;
}

describe("toNdarray", () => {
  it("shares the matrix' memory, so that views and transposes need no copy", () => {
    const array = toNdarray({ data: f32, rows: 2, cols: 3 });
    expect(array.data).toBe(f32);
    expect(array.shape).toEqual([2, 3]);
    expect(array.pick(null, 1).get(1)).toBe(5);
    expect(array.transpose(1, 0).data).toBe(f32);
  });

  it("gives views an axis of their own", () => {
    const array = toNdarray({ matrix: { data: f32, rows: 6, cols: 1 }, views: 2 });
    expect(array.shape).toEqual([3, 2, 1]);
    expect(array.get(2, 1, 0)).toBe(6);
  });

  it("refuses what is no matrix, and rows that are no multiple of the views", () => {
    expect(() => toNdarray([[1]] as never)).toThrow(TypeError);
    expect(() => toNdarray(null as never)).toThrow(TypeError);
    expect(() => toNdarray({ matrix: { data: f32, rows: 6, cols: 1 }, views: 4 })).toThrow(
      "toNdarray: input.matrix has 6 rows, expected a multiple of views = 4",
    );
  });
});

describe("fromNdarray", () => {
  it("reads any view as ndarray-ops' assign does", () => {
    fc.assert(
      fc.property(anyView, ({ view }) => {
        const { data, rows, cols } = fromNdarray(view);
        expect([rows, cols]).toEqual(view.shape);
        expect(Float64Array.from(data)).toEqual(copyOf(view).data);
      }),
    );
  });

  it("copies nothing where the data lie in row-major order, so that there and back is the same memory", () => {
    expect(fromNdarray(toNdarray({ data: f32, rows: 2, cols: 3 }))).toEqual({ data: f32, rows: 2, cols: 3 });
    expect(fromNdarray(ndarray(f32, [2, 3])).data).toBe(f32);
    expect(fromNdarray(ndarray(f32, [3, 2]).lo(1, 0)).data.buffer).toBe(f32.buffer);
  });

  it("refuses other numbers of axes, and values that are not finite", () => {
    expect(() => fromNdarray(ndarray(f32, [6]))).toThrow("fromNdarray: array has shape (6), expected two axes, n × d");
    expect(() => fromNdarray(ndarray([1, Number.NaN], [1, 2]))).toThrow("fromNdarray: array row 0, column 1 is NaN");
    expect(() => fromNdarray("x" as never)).toThrow(TypeError);
  });
});

describe("applyMaskInto", () => {
  it("multiplies the columns of any view as ndarray-ops does one by one, and touches nothing else", () => {
    fc.assert(
      fc.property(
        anyView,
        fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 6, maxLength: 6 }),
        ({ whole, view }, weights) => {
          const mask = weights.slice(0, view.shape[1]);
          const sumBefore = copyOf(whole);
          const expected = copyOf(view);
          mask.forEach((weight, column) => {
            all.mulseq(expected.pick(null, column), weight);
          });
          const narrow = whole.data instanceof Float32Array;
          expect(applyMaskInto(view, mask)).toBe(view);
          expect(copyOf(view).data).toEqual(narrow ? expected.data.map(Math.fround) : expected.data);
          const touched = new Set<number>();
          for (let i = 0; i < view.shape[0]; i++) for (let j = 0; j < view.shape[1]; j++) touched.add(view.index(i, j));
          whole.data.forEach((value, at) => {
            if (!touched.has(at)) expect(value).toBe(sumBefore.data[at]);
          });
        },
      ),
    );
  });

  it("takes views, n × views × d, and a single row", () => {
    const data = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    expect(applyMaskInto(ndarray(data.slice(), [2, 2, 2]), [1, 10]).data).toEqual(Float64Array.of(1, 20, 3, 40, 5, 60, 7, 80));
    expect(applyMaskInto(ndarray(data.slice(0, 2), [2]), Float32Array.of(0, 0.5)).data).toEqual(Float64Array.of(0, 1));
  });

  it("leaves the mask as it was", () => {
    const mask = Float64Array.of(2, 3, 4);
    applyMaskInto(ndarray(f32.slice(), [2, 3]), mask);
    expect(mask).toEqual(Float64Array.of(2, 3, 4));
  });

  it("refuses masks of another length or with weights that are not finite, and what is no ndarray", () => {
    expect(() => applyMaskInto(ndarray(f32.slice(), [2, 3]), [1, 2])).toThrow(
      "applyMaskInto: mask has 2 values, expected 3, the length of the last axis of array",
    );
    expect(() => applyMaskInto(ndarray(f32.slice(), [2, 3]), [1, Number.NaN, 2])).toThrow(
      "applyMaskInto: mask column 1 is NaN, expected finite numbers",
    );
    expect(() => applyMaskInto(ndarray(f32.slice(), []), [])).toThrow(RangeError);
    expect(() => applyMaskInto(f32 as never, [1])).toThrow(TypeError);
  });
});

describe("the root entry point", () => {
  it("does not import ndarray", async () => {
    const { readFileSync, readdirSync } = await import("node:fs");
    const folder = new URL("../../src/features/", import.meta.url);
    const users = readdirSync(folder).filter((file) => /from "ndarray(-ops)?"/.test(readFileSync(new URL(file, folder), "utf8")));
    const index = readFileSync(new URL("../../src/index.ts", import.meta.url), "utf8");
    expect(users).toContain("toNdarray.ts");
    for (const file of users) expect(index).not.toContain(`/${file}`);
  });
});
