import { describe, expect, expectTypeOf, it } from "vitest";
import { classify, fitCentroid, fitProbe, fitSoftmax, predict, toMatrix } from "../../src/index.ts";

const features = toMatrix([[0], [1], [4], [5]]);

describe("predict gives labels of the type that it was given", () => {
  it("strings, numbers and the names of a union", () => {
    const words = predict(fitSoftmax(features, ["low", "low", "high", "high"]), features);
    expectTypeOf(words).toEqualTypeOf<string[]>();
    expect(words.map((word) => word.toUpperCase())).toEqual(["LOW", "LOW", "HIGH", "HIGH"]);
    const numbers = predict(fitProbe(features, Int32Array.of(1, 1, 2, 2), { normalize: "none" }), features);
    expectTypeOf(numbers).toEqualTypeOf<number[]>();
    expect(numbers.map((label) => label + 1)).toEqual([2, 2, 3, 3]);
    const sides: readonly ("left" | "right")[] = ["left", "left", "right", "right"];
    expectTypeOf(classify(fitCentroid(features, sides), features).labels).toEqualTypeOf<readonly ("left" | "right")[]>();
  });

  it("whole bigints as the numbers that they equal, or themselves", () => {
    const labels = BigInt64Array.of(1n, 1n, 9007199254740993n, 9007199254740993n);
    const answers = predict(fitCentroid(features, labels), features);
    expectTypeOf(answers).toEqualTypeOf<(number | bigint)[]>();
    expect(answers).toEqual([1, 1, 9007199254740993n, 9007199254740993n]);
  });

  it("any of them, where that is all that is known", () => {
    const labels: readonly string[] | Int32Array = Math.abs(features.rows) > 3 ? ["a", "a", "b", "b"] : Int32Array.of(1, 1, 2, 2);
    expect(predict(fitSoftmax(features, labels), features)).toEqual(["a", "a", "b", "b"]);
  });
});
