import { describe, expect, it } from "vitest";
import { reliabilityPlot } from "../../src/plot.ts";
import { expectedCalibrationError } from "../../src/statistics/expectedCalibrationError.ts";
import { reliabilityBins } from "../../src/statistics/reliabilityBins.ts";
import { refuses } from "../properties/refuses.ts";
import { document, keepsTheLaws, textsOf, titlesOf } from "./drawing.ts";

const confidence = Array.from({ length: 200 }, (_, i) => 0.3 + (0.7 * i) / 200);
const correct = confidence.map((value, i) => (i * 0.618) % 1 < value - 0.1);
const bins = reliabilityBins(confidence, correct, 10);

describe("reliabilityPlot", () => {
  it("keeps the laws of every picture", () => {
    keepsTheLaws(() => reliabilityPlot(bins, { document }));
    keepsTheLaws(() => reliabilityPlot(reliabilityBins([1], [true], 1), { document, width: 240, height: 180 }));
  });

  it("has a marker for each bin that holds predictions, larger for more of them", () => {
    const element = reliabilityPlot(bins, { document });
    expect(titlesOf(element)).toHaveLength(bins.filter(({ count }) => count > 0).length);
    const radii = Array.from(
      reliabilityPlot(reliabilityBins([0.2, 0.2, 0.2, 0.9], [0, 1, 0, 1], 2), { document }).querySelectorAll("g circle"),
      (dot) => Number(dot.getAttribute("r")),
    );
    expect(Math.max(...radii)).toBeGreaterThan(Math.min(...radii));
  });

  it("says the expected calibration error", () => {
    const error = (100 * expectedCalibrationError(confidence, correct, 10)).toFixed(1);
    expect(textsOf(reliabilityPlot(bins, { document }))).toContain(`expected calibration error ${error} points`);
  });

  it("draws Wilson's interval, which holds the accuracy", () => {
    // statsmodels.stats.proportion.proportion_confint(8, 10, method="wilson"): 0.4901625, 0.9433178
    const element = reliabilityPlot(reliabilityBins(Array(10).fill(0.7), [1, 1, 1, 1, 1, 1, 1, 1, 0, 0], 1), { document, height: 500 });
    const grid = Array.from(element.querySelectorAll("g.sp-grid-line line"), (line) => Number(line.getAttribute("y1")));
    const [floor, ceiling] = [Math.max(...grid), Math.min(...grid)];
    const line = element.querySelector("g.sp-series0-line line");
    const ends = ["y1", "y2"].map((name) => (floor - Number(line?.getAttribute(name))) / (floor - ceiling)).sort();
    expect(ends[0]).toBeCloseTo(0.4901625, 3);
    expect(ends[1]).toBeCloseTo(0.9433178, 3);
  });

  it("refuses what are no bins, by name", () => {
    const draw = (value: unknown) => () => reliabilityPlot(value as typeof bins, { document });
    refuses(draw({}), TypeError, "reliabilityPlot: bins is Object, expected the array that reliabilityBins returned");
    refuses(draw([]), RangeError, "reliabilityPlot: bins has no predictions, expected at least 1");
    refuses(draw([null]), TypeError, "reliabilityPlot: bins[0] is null, expected a bin of reliabilityBins");
    refuses(draw([{ ...bins[0], count: -1 }]), RangeError, "reliabilityPlot: bins[0].count is -1, expected a count");
    refuses(draw([{ ...bins[0], accuracy: 2 }]), RangeError, "reliabilityPlot: bins[0].accuracy is 2, expected a number in 0…1");
  });
});
