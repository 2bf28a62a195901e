import fc from "fast-check";
import { expect, it } from "vitest";
import { largestAt, markLargest, nthLargest } from "../../src/core/largest.ts";

const values = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true })), { minLength: 1, maxLength: 60 });

it("nthLargest is the element that a sort puts there, whatever repeats", () => {
  fc.assert(
    fc.property(values, fc.nat(), (list, pick) => {
      const count = 1 + (pick % list.length);
      const sorted = [...list].sort((a, b) => b - a);
      expect(nthLargest(Float64Array.from(list), count, new Float64Array(list.length)) === sorted[count - 1]).toBe(true);
    }),
    { numRuns: 500 },
  );
});

it("markLargest marks exactly the count largest, ties to the smaller index", () => {
  fc.assert(
    fc.property(values, fc.nat(), (list, pick) => {
      const count = 1 + (pick % list.length);
      const marks = new Float64Array(list.length);
      markLargest(Float64Array.from(list), count, marks);
      const order = list.map((_, i) => i).sort((a, b) => list[b] - list[a] || a - b);
      const expected = new Float64Array(list.length);
      for (let i = 0; i < count; i++) expected[order[i]] = 1;
      expect(marks).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

it("the largest of a part of a list: neither what stands before nor after it counts", () => {
  const values = [9, 1, 3, 3, 2, 9];
  expect([largestAt(values, 1, 4), largestAt(values, 2, 3), largestAt(values, 2, 4), largestAt(values, 1, 1)]).toEqual([1, 0, 3, 0]);
});
