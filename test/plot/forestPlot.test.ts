import { describe, expect, it } from "vitest";
import type { Evaluation } from "../../src/evaluate/results.ts";
import { forestPlot } from "../../src/plot.ts";
import { studentTQuantile } from "../../src/statistics/studentT.ts";
import { refuses } from "../properties/refuses.ts";
import { evaluation } from "../report/fixtures.ts";
import { document, keepsTheLaws, textsOf, titlesOf } from "./drawing.ts";
import { tuned } from "./results.ts";

const circles = (element: Element) => Array.from(element.querySelectorAll("g circle[r='5.5']"));
const across = (circle: Element) =>
  Number(/translate\((-?[\d.]+)/.exec(circle.parentElement?.getAttribute("transform") ?? "")?.[1] ?? 0) + Number(circle.getAttribute("cx"));

describe("forestPlot", () => {
  it("keeps the laws of every picture, of evaluations and of tuning", () => {
    for (const result of [evaluation, tuned]) for (const width of [375, 640]) keepsTheLaws(() => forestPlot(result, { document, width }));
  });

  it("has a row a comparison with its name, figures, marker and bar; the first mask is no row", () => {
    const element = forestPlot(evaluation, { document });
    const texts = textsOf(element);
    expect(circles(element)).toHaveLength(6);
    expect(titlesOf(element)[0]).toBe("pair@oracle/top:0.02 · softmax: +4.3 [+3.5, +5.1] points, p <0.001");
    expect(texts).toEqual(expect.arrayContaining(["pair@augmented/top:0.02 · centroid", "−3.7 [−4.5, −2.9]", "simple · softmax"]));
    expect(texts.filter((text) => text.startsWith("none"))).toEqual([]);
    expect(texts).toContain("difference in accuracy (points), paired, to none");
  });

  it("puts gains right of zero and losses left, full where told apart from zero and hollow where not", () => {
    const element = forestPlot(evaluation, { document });
    const [better, worse, same] = circles(element);
    const zero = Array.from(element.querySelectorAll("g.sp-muted-line[stroke-width='1.5'] line"), (line) =>
      Number(line.getAttribute("x1")),
    )[0];
    expect(across(better)).toBeGreaterThan(zero);
    expect(across(worse)).toBeLessThan(zero);
    expect((across(better) - zero) / (zero - across(worse))).toBeCloseTo(4.3 / 3.7, 1);
    expect([better, worse, same].map((circle) => circle.parentElement?.getAttribute("class"))).toEqual([
      "sp-series0 sp-series0-line",
      "sp-series1 sp-series1-line",
      "sp-paper sp-muted-line",
    ]);
  });

  it("shows the candidates of tuning by falling gain, with the interval whose lower end chooses", () => {
    const element = forestPlot(tuned, { document });
    expect(textsOf(element).filter((text) => text.includes(" · "))).toEqual([
      "centre>none · augmented (chosen)",
      "centre>none · support",
      "wiener@prior/power:1 · support",
    ]);
    const low = 100 * (0.02 - studentTQuantile(0.95, 29) * 0.002);
    expect(textsOf(element)).toContain(`+2.0 [+${low.toFixed(1)}, +${(4 - low).toFixed(1)}]`);
    expect(textsOf(element)).toContain("90 % interval");
  });

  it("draws a row without an interval by its marker alone, as of a single episode read back from JSON", () => {
    const lone = {
      ...evaluation,
      results: [evaluation.results[0], { ...evaluation.results[1], difference: { mean: 0.01, ci95: [null, null], p: null } }],
    } as unknown as Evaluation;
    const element = forestPlot(lone, { document });
    expect(circles(element)).toHaveLength(1);
    expect(textsOf(element)).toContain("+1.0");
    keepsTheLaws(() => forestPlot(lone, { document }));
  });

  it("leaves a name room in a narrow picture, and says the interval by its bar", () => {
    const element = forestPlot(evaluation, { document, width: 375 });
    expect(textsOf(element)).toContain("pair@augmented/top:0.02 · centroid");
    expect(textsOf(element)).toContain("−3.7");
    expect(titlesOf(element).join()).toContain("−3.7 [−4.5, −2.9]");
  });

  it("keeps hostile names text", () => {
    const hostile = { ...evaluation, results: evaluation.results.map((each) => ({ ...each, probe: `<b>&"${each.probe}` })) };
    keepsTheLaws(() => forestPlot(hostile, { document }));
    expect(textsOf(forestPlot(hostile, { document })).join()).toContain('<b>&"softmax');
  });

  it("refuses what it cannot draw, by name", () => {
    const draw = (result: unknown) => () => forestPlot(result as Evaluation, { document });
    refuses(draw(null), TypeError, "forestPlot: evaluation is null, expected a softprobe/eval@1 document");
    refuses(draw({ ...evaluation, schema: "x" }), RangeError, 'forestPlot: evaluation.schema is "x", expected "softprobe/eval@1"');
    refuses(
      draw({ ...evaluation, results: evaluation.results.slice(0, 1) }),
      RangeError,
      "forestPlot: evaluation.results has no differences, expected at least 2 masks, the others compared to the first",
    );
    const [first, second] = evaluation.results;
    refuses(
      draw({ ...evaluation, results: [first, { ...second, difference: { ...second.difference, mean: Number.NaN } }] }),
      RangeError,
      "forestPlot: the difference of pair@oracle/top:0.02 is NaN, expected a finite number",
    );
    refuses(
      draw({ ...tuned, config: { level: 0.05 } }),
      RangeError,
      "forestPlot: evaluation.config.sets is undefined, expected a whole number of at least 1",
    );
    refuses(
      draw({ ...tuned, config: { sets: 9 } }),
      RangeError,
      "forestPlot: evaluation.config.level is undefined, expected a number between 0 and 0.5",
    );
    refuses(draw({ ...tuned, evidence: 3 }), TypeError, "forestPlot: evaluation.evidence is 3, expected an array");
    refuses(
      draw({ ...tuned, evidence: tuned.evidence.slice(0, 1) }),
      RangeError,
      "forestPlot: evaluation.evidence has no candidate beside none, expected at least 1",
    );
  });
});
