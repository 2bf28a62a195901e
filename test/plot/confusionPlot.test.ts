import { describe, expect, it } from "vitest";
import { confusionPlot } from "../../src/plot.ts";
import { confusionMatrix } from "../../src/statistics/confusionMatrix.ts";
import { refuses } from "../properties/refuses.ts";
import { document, keepsTheLaws, textsOf, titlesOf } from "./drawing.ts";

const actual = ["apple", "apple", "apple", "banana", "cherry"];
const matrix = confusionMatrix(actual, ["apple", "apple", "banana", "banana", "apple"]);

describe("confusionPlot", () => {
  it("keeps the laws of every picture, of few classes and of many", () => {
    keepsTheLaws(() => confusionPlot(matrix, { document }));
    const many = Array.from({ length: 60 }, (_, i) => `a class of a long name ${i}`);
    for (const width of [375, 640]) keepsTheLaws(() => confusionPlot(confusionMatrix(many, [...many].reverse()), { document, width }));
    keepsTheLaws(() => confusionPlot(confusionMatrix([1], [1]), { document }));
  });

  it("has a cell for every pair of classes with its count, as full as its share of the true class", () => {
    const element = confusionPlot(matrix, { document });
    expect(titlesOf(element)).toHaveLength(9);
    expect(titlesOf(element)[1]).toBe("apple, predicted banana: 1 of 3 (33.3 %)");
    const cells = Array.from(element.querySelectorAll("g.sp-cell rect"), (cell) => Number(cell.getAttribute("fill-opacity")));
    expect(cells).toHaveLength(9);
    expect(cells[0] / cells[1]).toBeCloseTo(2, 1);
    expect(cells[4]).toBeCloseTo(3 * cells[1], 1);
    expect(cells[2]).toBe(0);
  });

  it("puts true classes down and predicted ones across, named on both axes", () => {
    const element = confusionPlot(matrix, { document });
    for (const name of ["apple", "banana", "cherry"]) expect(textsOf(element).filter((text) => text === name)).toHaveLength(2);
    expect(textsOf(element)).toEqual(expect.arrayContaining(["true class", "predicted class"]));
    const wrong = Array.from(element.querySelectorAll("g.sp-cell rect"))[6];
    const first = Array.from(element.querySelectorAll("g.sp-cell rect"))[0];
    // cherry taken for apple: same column as the first, two rows below.
    expect(wrong.getAttribute("x")).toBe(first.getAttribute("x"));
    expect(Number(wrong.getAttribute("y"))).toBeGreaterThan(Number(first.getAttribute("y")));
  });

  it("says how many were right", () => {
    expect(confusionPlot(matrix, { document }).querySelector("desc")?.textContent).toBe(
      "3 of 5 rows (60.0 %) were predicted to be of their class. Right by class: apple: 2 of 3. banana: 1 of 1. cherry: 0 of 1.",
    );
  });

  it("keeps hostile class names text, and any kind of name", () => {
    const hostile = confusionMatrix(['<b>&"', "'/>"], ["'/>", "'/>"]);
    keepsTheLaws(() => confusionPlot(hostile, { document }));
    expect(textsOf(confusionPlot(hostile, { document }))).toContain('<b>&"');
    expect(textsOf(confusionPlot(confusionMatrix([7n], [9]), { document }))).toEqual(expect.arrayContaining(["7", "9"]));
  });

  it("refuses what is no matrix, by name", () => {
    const draw = (value: unknown) => () => confusionPlot(value as typeof matrix, { document });
    refuses(draw(null), TypeError, "confusionPlot: matrix is null, expected what confusionMatrix returned");
    refuses(draw({ classes: ["a"] }), TypeError, "confusionPlot: matrix is Object, expected what confusionMatrix returned");
    refuses(draw({ classes: ["a"], counts: [1, 2] }), RangeError, "confusionPlot: matrix has 2 counts, expected 1 × 1 = 1");
    refuses(draw({ classes: ["a"], counts: [-1] }), RangeError, "confusionPlot: matrix class a, predicted a is -1, expected a count");
    refuses(draw({ classes: ["a"], counts: [0] }), RangeError, "confusionPlot: matrix has no rows, expected at least 1");
  });
});
