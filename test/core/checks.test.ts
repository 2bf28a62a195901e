import { expect, it } from "vitest";
import { checkChoice, checkCount, checkPositive, checkProbability } from "../../src/core/checks.ts";
import { refuses } from "../properties/refuses.ts";

it("checkCount returns whole numbers from its least to its most, both included", () => {
  expect(checkCount(1, "f", "n")).toBe(1);
  expect(checkCount(0, "f", "n", 0)).toBe(0);
  expect(checkCount(7, "f", "n", 2, 7)).toBe(7);
  expect(checkCount(Number.MAX_SAFE_INTEGER, "f", "n")).toBe(Number.MAX_SAFE_INTEGER);
});

it("checkCount refuses what is too small, too large or not whole, and names the range", () => {
  refuses(() => checkCount(0, "f", "n"), RangeError, "f: n is 0, expected a whole number of at least 1");
  refuses(() => checkCount(8, "f", "n", 2, 7), RangeError, "f: n is 8, expected a whole number in 2…7");
  refuses(() => checkCount(1, "f", "n", 2, 7), RangeError, "f: n is 1, expected a whole number in 2…7");
  for (const value of [1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    refuses(() => checkCount(value, "f", "n"), RangeError, `f: n is ${value}, expected a whole number of at least 1`);
  }
});

it("checkPositive accepts finite numbers above 0 and refuses the rest", () => {
  expect(checkPositive(5e-324, "f", "x")).toBe(5e-324);
  for (const value of [0, -0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    refuses(() => checkPositive(value, "f", "x"), RangeError, `f: x is ${value}, expected a finite number greater than 0`);
  }
});

it("checkProbability accepts the open interval from 0 to 1 and refuses its ends", () => {
  expect(checkProbability(0.95, "f", "level")).toBe(0.95);
  for (const value of [0, 1, -0.1, 1.1, Number.NaN]) {
    refuses(() => checkProbability(value, "f", "level"), RangeError, `f: level is ${value}, expected a number between 0 and 1`);
  }
});

it("checkChoice accepts a listed name and lists the names when it refuses", () => {
  expect(checkChoice("b", "f", "mode", ["a", "b"])).toBe("b");
  refuses(() => checkChoice("c", "f", "mode", ["a", "b"]), RangeError, 'f: mode is "c", expected one of a, b');
});

it("the wrong kind of thing is a TypeError that says what came", () => {
  const wrong = "3" as unknown as number;
  refuses(() => checkCount(wrong, "f", "n"), TypeError, 'f: n is "3", expected a number');
  refuses(() => checkPositive(wrong, "f", "x"), TypeError, 'f: x is "3", expected a number');
  refuses(() => checkProbability(wrong, "f", "p"), TypeError, 'f: p is "3", expected a number');
  refuses(() => checkCount(null as unknown as number, "f", "n"), TypeError, "f: n is null, expected a number");
});
