import { describe, expect, it } from "vitest";
import { linearProbe, syntheticFeatures } from "../../src/index.ts";
import { learningPlot } from "../../src/plot.ts";
import { refuses } from "../properties/refuses.ts";
import { document, keepsTheLaws, textsOf, titlesOf } from "./drawing.ts";

const { features, labels } = syntheticFeatures({ classes: 4, rowsPerClass: 30, dims: 32, seed: 1 });
const result = await linearProbe(features, labels, { split: 0.5, C: 1, shots: ["all", 1, 4], draws: 3 });

describe("learningPlot", () => {
  it("keeps the laws of every picture", () => keepsTheLaws(() => learningPlot(result, { document })));

  it("draws a marker a point, few rows first, its figures on hover, a band, and the rows on the axis", () => {
    const element = learningPlot(result, { document });
    const [all, one, four] = result.curve;
    const figures = ({ accuracy, ci }: typeof all) => `${(100 * accuracy).toFixed(1)} ± ${((100 * (ci[1] - ci[0])) / 2).toFixed(1)} %`;
    expect(titlesOf(element)).toEqual([
      `1 row a class: ${figures(one)}`,
      `4 rows a class: ${figures(four)}`,
      expect.stringMatching(/^all 60 rows: /),
    ]);
    expect(textsOf(element)).toEqual(expect.arrayContaining(["4", "16", "60", "95 % interval"]));
    expect(element.querySelector("desc")?.textContent).toContain("with 1 row a class");
  });

  it("refuses what has no learning curve, by name", () => {
    const draw = (given: unknown) => () => learningPlot(given as typeof result, { document });
    refuses(draw(7), TypeError, "learningPlot: result is 7, expected a softprobe/probe@1 document");
    refuses(draw({ ...result, schema: "x" }), RangeError, 'learningPlot: result.schema is "x", expected "softprobe/probe@1"');
    refuses(
      draw({ ...result, curve: [] }),
      RangeError,
      "learningPlot: result.curve has no entries, expected at least 1: linearProbe with shots",
    );
    const [first] = result.curve;
    const broken = (point: object) => draw({ ...result, curve: [{ ...first, ...point }] });
    refuses(broken({ rows: 0 }), RangeError, "learningPlot: result.curve[0].rows is 0, expected a whole number of at least 1");
    refuses(broken({ accuracy: null }), RangeError, "learningPlot: result.curve[0].accuracy is null, expected a finite number");
  });
});
