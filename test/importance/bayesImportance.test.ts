import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bayesImportance } from "../../src/importance/bayesImportance.ts";

const { cases } = JSON.parse(readFileSync(new URL("../golden/small.json", import.meta.url), "utf8")).basis as {
  cases: { psi: number[]; bayes: Record<string, number[]> }[];
};

describe("bayesImportance", () => {
  it("gives numpy's weights", () => {
    for (const { psi, bayes } of cases) {
      for (const [shots, want] of Object.entries(bayes)) {
        bayesImportance(psi, Number(shots)).forEach((value, i) => {
          expect(value).toBeCloseTo(want[i], 12);
        });
      }
    }
  });

  it("lies in 0 … 1, grows with ψ and with shots, and tends to 1", () => {
    const positive = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(positive, positive, fc.integer({ min: 1, max: 50 }), (a, b, shots) => {
        const [low, high] = bayesImportance([Math.min(a, b), Math.max(a, b)], shots);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(high * (1 + 1e-12));
        expect(high).toBeLessThanOrEqual(1);
        expect(bayesImportance([a], shots + 1)[0]).toBeGreaterThanOrEqual(bayesImportance([a], shots)[0]);
      }),
    );
    expect(bayesImportance([2], 1e9)[0]).toBeCloseTo(1, 6);
  });

  it("says what is wrong with its input", () => {
    expect(() => bayesImportance([1, -1], 1)).toThrow("bayesImportance: psi[1] is -1, expected a finite number of at least 0");
    expect(() => bayesImportance([1], 0)).toThrow("bayesImportance: shots is 0, expected a finite number greater than 0");
    expect(() => bayesImportance(null as never, 1)).toThrow(
      "bayesImportance: psi is null, expected an array of numbers: a basis that has psi",
    );
  });
});
