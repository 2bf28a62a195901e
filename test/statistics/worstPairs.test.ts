import { expect, it } from "vitest";
import { worstPairs } from "../../src/statistics/worstPairs.ts";

const counts = [
  [5, 2, 0],
  [1, 8, 1],
  [2, 0, 2],
];
const confusion = { classes: ["cat", "dog", "eel"], counts: Float64Array.from(counts.flat()) };

it("lists pairs of classes by rows confused, of equal ones by their share of the actual class, and of equal ones by class", () => {
  expect(worstPairs(confusion)).toEqual([
    { actual: "eel", predicted: "cat", count: 2, share: 0.5 },
    { actual: "cat", predicted: "dog", count: 2, share: 2 / 7 },
    { actual: "dog", predicted: "cat", count: 1, share: 0.1 },
    { actual: "dog", predicted: "eel", count: 1, share: 0.1 },
  ]);
});

it("gives the first ten, or as many as asked for; none where no row is confused", () => {
  expect(worstPairs(confusion, 2).map(({ actual }) => actual)).toEqual(["eel", "cat"]);
  const all = { classes: [0, 1, 2, 3], counts: new Float64Array(16).fill(1) };
  expect(worstPairs(all)).toHaveLength(10);
  expect(worstPairs(all, 20)).toHaveLength(12);
  expect(worstPairs({ classes: [0, 1], counts: Float64Array.of(3, 0, 0, 4) })).toEqual([]);
});
