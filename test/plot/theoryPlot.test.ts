import { describe, expect, it } from "vitest";
import { theoryPlot } from "../../src/plot.ts";
import { refuses } from "../properties/refuses.ts";
import { document, keepsTheLaws, textsOf, titlesOf } from "./drawing.ts";
import { theory } from "./results.ts";

describe("theoryPlot", () => {
  it("keeps the laws of every picture", () => keepsTheLaws(() => theoryPlot(theory, { document })));

  it("draws theory and measurement at each number of shots, the one dashed, the other with a marker a point", () => {
    const element = theoryPlot(theory, { document });
    for (const series of [0, 1]) {
      const lines = Array.from(element.querySelectorAll(`g.sp-series${series}-line[stroke-width='2'] path`));
      const dashes = lines.map((line) => line.parentElement?.getAttribute("stroke-dasharray") ?? "");
      expect(dashes).toEqual(["6 5", "", ""]);
      const [expected, came] = lines.map((line) => Number(/M[\d.]+,([\d.]+)/.exec(line.getAttribute("d") ?? "")?.[1]));
      expect(expected).toBeGreaterThan(came);
    }
    expect(titlesOf(element)).toHaveLength(14);
    expect(titlesOf(element)[0]).toBe("1 shot: 1 % (13 dimensions), measured 78.2 ± 1.2 %, theory 76.2 %");
  });

  it("names each number of shots, the theory and its best share", () => {
    const element = theoryPlot(theory, { document });
    expect(textsOf(element)).toEqual(expect.arrayContaining(["1 shot, measured", "5 shots, measured", "theory", "its best share"]));
    expect(element.querySelector("desc")?.textContent).toContain("best by theory 88.0 % with 3 %.");
  });

  it("refuses what is no comparison, by name", () => {
    const draw = (comparison: unknown) => () => theoryPlot(comparison as typeof theory, { document });
    refuses(draw(7), TypeError, "theoryPlot: comparison is 7, expected a softprobe/theory@1 document");
    refuses(draw({ ...theory, schema: "x" }), RangeError, 'theoryPlot: comparison.schema is "x", expected "softprobe/theory@1"');
    refuses(draw({ ...theory, shots: [] }), RangeError, "theoryPlot: comparison.shots has no entries, expected at least 1");
    const [first] = theory.shots;
    const broken = (point: object) => ({ ...theory, shots: [{ ...first, points: [{ ...first.points[0], ...point }] }] });
    const place = "theoryPlot: comparison.shots[0].points[0]";
    refuses(draw(broken({ fraction: 0 })), RangeError, `${place}.fraction is 0, expected a share above 0 and at most 1`);
    refuses(draw(broken({ theory: null })), RangeError, `${place}.theory is null, expected a finite number`);
    refuses(draw(broken({ measured: Number.NaN })), RangeError, `${place}.measured is NaN, expected a finite number`);
  });
});
