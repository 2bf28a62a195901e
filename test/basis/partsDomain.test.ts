import { describe, expect, it } from "vitest";
import { partsDomain, partsDomainP } from "../../src/basis/partsDomain.ts";

const base = [
  [0.2, 0.3],
  [0.25, 0.2, 0.4],
  [0.5, 0.45],
  [0.3, 0.35],
];
const support = [[0.6, 0.7], [0.8], [0.4, 0.5, 0.45]];

describe("whether a task is of the base classes' domain", () => {
  it("moments and p are those of numpy and scipy; rows of zeros do not count", () => {
    const domain = partsDomain([...base.slice(0, 3), [0, 0.3, 0, 0.35], [0]])!;
    const wanted = {
      classes: 4,
      logMean: -1.145859482414308,
      betweenVariance: 0.08447887137894171,
      withinVariance: 0.05620604761031852,
      noise: 0.4583333333333333,
    };
    for (const [name, value] of Object.entries(wanted)) expect(domain[name as keyof typeof domain], name).toBeCloseTo(value, 12);
    expect(partsDomainP(domain, support)).toBeCloseTo(0.0315710337770236, 10);
    expect(partsDomainP(domain, [[0]])).toBe(1);
  });

  it("says nothing of fewer than three base classes, and more unexplained is less likely", () => {
    expect(partsDomain(base.slice(0, 2))).toBeNull();
    const domain = partsDomain(base)!;
    const at = (share: number) => partsDomainP(domain, [[share], [share]]);
    expect(at(0.2)).toBeGreaterThan(at(0.4));
    expect(at(0.4)).toBeGreaterThan(at(0.9));
  });
});
