import fc from "fast-check";
import { expect, it } from "vitest";
import { keptDimensions, topMask } from "../../src/mask/topMask.ts";
import { gridNumber, permutations } from "../properties/arbitraries.ts";
import { refuses } from "../properties/refuses.ts";
import { leavesAlone } from "../properties/unchanged.ts";

const share = fc.double({ min: 1e-9, max: 1, noNaN: true });
const few = fc.array(fc.oneof(gridNumber, fc.integer({ min: 0, max: 2 })), { minLength: 1, maxLength: 40 });

it("the share kept is rounded half up, at least one dimension and at most all", () => {
  expect([0.001, 0.02, 0.05, 0.5, 1].map((fraction) => keptDimensions(fraction, 1280))).toEqual([1, 26, 64, 640, 1280]);
  expect(keptDimensions(0.5, 5)).toBe(3);
  expect(keptDimensions(0.49, 5)).toBe(2);
  expect(keptDimensions(1e-9, 5)).toBe(1);
  expect(keptDimensions(1, 1)).toBe(1);
});

it("exactly that many dimensions are kept, and none is more important than any of them", () => {
  fc.assert(
    fc.property(few, share, (importance, fraction) => {
      const mask = leavesAlone(importance, () => topMask(importance, fraction));
      expect(mask.every((value) => value === 0 || value === 1)).toBe(true);
      const kept = importance.filter((_, j) => mask[j] === 1);
      expect(kept.length).toBe(keptDimensions(fraction, importance.length));
      const least = Math.min(...kept);
      const dropped = importance.filter((_, j) => mask[j] === 0);
      expect(dropped.every((value) => value <= least)).toBe(true);
    }),
  );
});

it("of ties the first by index are kept", () => {
  expect(topMask([2, 1, 1, 1, 0], 0.6)).toEqual(Float64Array.of(1, 1, 1, 0, 0));
  fc.assert(
    fc.property(few, share, (importance, fraction) => {
      const mask = topMask(importance, fraction);
      importance.forEach((value, j) => {
        for (let i = 0; i < j; i++) if (importance[i] === value) expect(mask[i]).toBeGreaterThanOrEqual(mask[j]);
      });
    }),
  );
});

it("a larger share keeps what a smaller one keeps, and order alone matters, not size", () => {
  fc.assert(
    fc.property(few, share, share, (importance, a, b) => {
      const [small, large] = [topMask(importance, Math.min(a, b)), topMask(importance, Math.max(a, b))];
      expect(small.every((value, j) => value <= large[j])).toBe(true);
      expect(
        topMask(
          importance.map((value) => 8 * value ** 3 + 1),
          a,
        ),
      ).toEqual(topMask(importance, a));
    }),
  );
});

it("of distinct values, dimensions may be permuted before or after", () => {
  const distinct = fc.uniqueArray(gridNumber, { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(
      distinct.chain((importance) => fc.tuple(fc.constant(importance), permutations(importance.length))),
      share,
      ([importance, order], fraction) => {
        const plain = topMask(importance, fraction);
        expect(
          Array.from(
            topMask(
              order.map((j) => importance[j]),
              fraction,
            ),
          ),
        ).toEqual(order.map((j) => plain[j]));
      },
    ),
  );
});

it("shares outside (0, 1] and importance that is not finite are refused", () => {
  for (const fraction of [0, -0.1, 1.0001, Number.NaN]) {
    refuses(() => topMask([1, 2], fraction), RangeError, `topMask: fraction is ${fraction}, expected a share in (0, 1]`);
  }
  refuses(() => topMask([1, 2], "1" as unknown as number), TypeError, 'topMask: fraction is "1", expected a number');
  refuses(() => topMask([1, Number.NaN], 1), RangeError, "topMask: importance[1] is NaN, expected finite values");
  refuses(() => topMask([Number.POSITIVE_INFINITY], 1), RangeError, "topMask: importance[0] is Infinity, expected finite values");
});
