import fc from "fast-check";
import { expect, it } from "vitest";
import { type ClassName, indexLabels, type Labels } from "../../src/core/labels.ts";
import { refuses } from "../properties/refuses.ts";
import { leavesAlone } from "../properties/unchanged.ts";

const label = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom("a", "b", "", "10", "9", "é"),
  fc.double({ noNaN: true }),
  fc.bigInt({ min: -4n, max: 4n }),
  fc.constantFrom(2n ** 63n, 2n ** 63n + 1n, -(2n ** 60n)),
);

it("classes are the distinct labels in ascending order, codes their places", () => {
  expect(indexLabels([30, 4, 30, -1])).toEqual({
    classes: [-1, 4, 30],
    codes: Int32Array.of(2, 1, 2, 0),
    rows: Int32Array.of(3, 1, 0, 2),
    starts: Int32Array.of(0, 1, 2, 4),
  });
  expect(indexLabels(["pear", "apple", "fig", "apple"]).classes).toEqual(["apple", "fig", "pear"]);
});

it("numbers come before strings, and the number 1 is not the string 1", () => {
  expect(indexLabels(["a", 2, "1", 1, 10]).classes).toEqual([1, 2, 10, "1", "a"]);
});

it("any integer array holds labels; a bigint is the number it equals, unless it is past 2⁵³", () => {
  for (const labels of [Uint8Array.of(3, 1, 3), Int32Array.of(3, 1, 3), BigInt64Array.of(3n, 1n, 3n), [3n, 1, 3]]) {
    expect(indexLabels(labels).classes).toEqual([1, 3]);
    expect(indexLabels(labels).codes).toEqual(Int32Array.of(1, 0, 1));
  }
  const wide = 2n ** 53n;
  expect(indexLabels([1n - wide, -wide, -100n]).classes).toEqual([-wide, 1 - 2 ** 53, -100]);
  expect(indexLabels([wide, wide + 1n, wide - 1n, 5]).classes).toEqual([5, 2 ** 53 - 1, wide, wide + 1n]);
});

it("0 and −0 are one class, 0", () => {
  expect(indexLabels([-0, 0, 1]).classes).toStrictEqual([0, 1]);
  expect(indexLabels(Float64Array.of(1, -0)).classes).toStrictEqual([0, 1]);
});

it("every row is in the rows of its own class once, ascending, and its class gives its label back", () => {
  fc.assert(
    fc.property(fc.array(label, { minLength: 1, maxLength: 30 }), (labels) => {
      const { classes, codes, rows, starts } = leavesAlone(labels, () => indexLabels(labels));
      expect(codes.length).toBe(labels.length);
      expect(starts[0]).toBe(0);
      expect(starts[classes.length]).toBe(labels.length);
      expect(new Set(classes).size).toBe(classes.length);
      const same = (a: ClassName, b: ClassName) => typeof a !== "string" && typeof b !== "string" && String(a) === String(b);
      labels.forEach((name, i) => {
        expect(name === classes[codes[i]] || same(name, classes[codes[i]])).toBe(true);
      });
      expect(Array.from(rows).sort((a, b) => a - b)).toEqual(labels.map((_, i) => i));
      for (let c = 0; c < classes.length; c++) {
        const own = rows.subarray(starts[c], starts[c + 1]);
        expect(own.length).toBeGreaterThan(0);
        expect(own.every((row, i) => codes[row] === c && (i === 0 || row > own[i - 1]))).toBe(true);
      }
    }),
  );
});

it("the classes do not depend on the order of the rows", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constantFrom("a", "B", "b")), { minLength: 1 }), (labels) => {
      expect(indexLabels([...labels].reverse()).classes).toEqual(indexLabels(labels).classes);
    }),
  );
});

it("no labels, NaN labels, labels of the wrong kind and things that are no list are refused by row", () => {
  refuses(() => indexLabels([]), RangeError, "indexLabels: labels has 0 rows, expected at least 1");
  refuses(() => indexLabels([1, Number.NaN]), RangeError, "indexLabels: labels row 1 is NaN, expected a label");
  const wrong = (value: unknown) => value as Labels;
  refuses(() => indexLabels(wrong([1, true])), TypeError, "indexLabels: labels row 1 is true, expected a number, string or bigint");
  refuses(() => indexLabels(wrong([undefined])), TypeError, "indexLabels: labels row 0 is undefined, expected a number, string or bigint");
  refuses(() => indexLabels(wrong([[1]])), TypeError, "indexLabels: labels row 0 is Array, expected a number, string or bigint");
  for (const [value, name] of [
    [null, "null"],
    [undefined, "undefined"],
    ["abc", '"abc"'],
    [7, "7"],
    [{ 0: 1 }, "Object"],
  ]) {
    refuses(
      () => indexLabels(wrong(value)),
      TypeError,
      `indexLabels: labels is ${name}, expected an array or typed array of numbers, strings or bigints`,
    );
  }
});
