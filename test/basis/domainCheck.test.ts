import { describe, expect, it } from "vitest";
import { domainCheck } from "../../src/basis/domainCheck.ts";
import { fitDomain } from "../../src/basis/fitDomain.ts";
import type { Matrix } from "../../src/core/matrix.ts";
import { randomBelow, randomStream } from "../../src/core/random.ts";
import { l2Normalize } from "../../src/features/l2Normalize.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { takeRows } from "../../src/features/takeRows.ts";
import { hasShared, sharedLabels, sharedMatrix } from "./shared.ts";

/** `shots` rows of each of `ways` classes, drawn anew for every task. */
function draw(labels: ArrayLike<number>, task: number, ways: number, shots: number): { rows: number[]; classes: number[] } {
  const random = randomStream(20, "synthetic", task);
  const names = [...new Set(Array.from(labels))];
  const classes: number[] = [];
  const rows: number[] = [];
  for (let w = 0; w < ways; w++) {
    const [name] = names.splice(randomBelow(random, names.length), 1);
    classes.push(name);
    const own = Array.from(labels, (_, i) => i).filter((i) => labels[i] === name);
    for (let s = 0; s < shots; s++) rows.push(...own.splice(randomBelow(random, own.length), 1));
  }
  return { rows, classes };
}

/** The share of `tasks` tasks that the check calls different. */
function warned(
  tasks: number,
  shots: number,
  features: Matrix,
  labels: number[],
  domainFor: (classes: number[]) => ReturnType<typeof fitDomain>,
): number {
  let warnings = 0;
  for (let task = 0; task < tasks; task++) {
    const { rows, classes } = draw(labels, task, 5, shots);
    const check = domainCheck(
      domainFor(classes),
      takeRows(features, rows),
      rows.map((i) => labels[i]),
    );
    if (check.verdict === "different") warnings++;
  }
  return warnings / tasks;
}

describe("fitDomain and domainCheck", () => {
  const { features, labels } = syntheticFeatures({ classes: 24, rowsPerClass: 12, dims: 40, seed: 4 });
  const all = Array.from({ length: features.rows }, (_, i) => i);
  const base = all.filter((i) => labels[i] < 16);

  it("leave each class out exactly as refitting without it would", () => {
    const domain = fitDomain(features, labels, { rows: base, ridge: 0.7 });
    const logs: number[] = [];
    const unit = l2Normalize(features).data;
    for (let left = 0; left < 16; left++) {
      const kept = base.filter((i) => labels[i] !== left);
      const rest = fitDomain(features, labels, { rows: kept, ridge: (0.7 * base.length) / kept.length });
      const rows = base.filter((i) => labels[i] === left);
      const check = domainCheck(
        rest,
        takeRows(features, rows),
        rows.map(String).map(() => "left out"),
      );
      logs.push(Math.log(check.unexplained));
      expect(check.perClass).toEqual([{ label: "left out", unexplained: check.unexplained }]);
    }
    const mean = logs.reduce((a, b) => a + b, 0) / 16;
    expect(domain.logMean).toBeCloseTo(mean, 9);
    expect(domain.betweenVariance).toBeCloseTo(logs.reduce((a, b) => a + (b - mean) ** 2, 0) / 15, 9);
    expect(unit.length).toBe(features.rows * 40);
  });

  it("finds unseen classes of the same kind similar, about as often as it should, and others different", () => {
    const domain = fitDomain(features, labels, { rows: base });
    const unseen = all.filter((i) => labels[i] >= 16);
    const names = unseen.map((i) => labels[i]);
    const rows = takeRows(features, unseen);
    expect(warned(100, 2, rows, names, () => domain)).toBeLessThanOrEqual(0.05);
    const other = syntheticFeatures({ classes: 8, rowsPerClass: 12, dims: 40, seed: 5 });
    expect(warned(20, 2, other.features, Array.from(other.labels), () => domain)).toBe(1);
  });

  it("scores by the variance that k classes of so many rows would have", () => {
    // Every unit row has energy 1/4; two classes, of one row and of two.
    const lower = Float64Array.of(2, 0, 0, 2);
    const spread = { betweenVariance: 0.5, withinVariance: 0.2, noise: 0.1 };
    const domain = { cols: 2, ridge: 1, classes: 5, lower, logMean: Math.log(0.25) - 1, ...spread };
    const support = { data: Float64Array.of(1, 0, 0, 3, 1, 1), rows: 3, cols: 2 };
    const check = domainCheck(domain, support, ["a", "b", "b"]);
    const oneClass = 0.5 + 0.2 * ((1 + 1 / 2) / 2 - 0.1);
    expect(check.score).toBeCloseTo(1 / Math.sqrt(oneClass / 2 + 0.5 / 5), 12);
    expect(check.unexplained).toBeCloseTo(0.25, 12);
    expect(check.expected).toBeCloseTo(0.25 / Math.E, 12);
    expect(check.p).toBeGreaterThan(0.05);
    expect(domainCheck(domain, support, ["a", "b", "b"], { level: 0.2 }).verdict).toBe("different");
  });

  it("does not depend on the length of rows, on the kernels, or on rows of zeros, and changes nothing it is given", () => {
    const before = features.data.slice();
    const domain = fitDomain(features, labels, { rows: base, kernels: "wasm" });
    expect(fitDomain(features, labels, { rows: base, kernels: "js" })).toEqual(domain);
    const support = takeRows(features, [200, 201, 250]);
    const check = domainCheck(domain, support, [1, 1, 2]);
    expect(domainCheck(domain, { ...support, data: support.data.map((value) => 4 * value) }, [1, 1, 2])).toEqual(check);
    const padded = { data: Float32Array.from([...support.data, ...new Float32Array(40)]), rows: 4, cols: 40 };
    expect(domainCheck(domain, padded, [1, 1, 2, 2])).toEqual(check);
    expect(check.unexplained).toBeGreaterThan(0);
    expect(check.unexplained).toBeLessThan(1);
    expect(features.data).toEqual(before);
  });

  it("say what is wrong with their input", () => {
    const domain = fitDomain(features, labels);
    expect(() => fitDomain(features, labels, { rows: [0, 1, 12, 13] })).toThrow(
      "fitDomain: labels has 2 classes in the rows chosen, expected at least 3",
    );
    expect(() => fitDomain(features, labels, { ridge: 0 })).toThrow("fitDomain: ridge is 0, expected a finite number greater than 0");
    expect(() => domainCheck(domain, takeRows(features, [0]), [0, 1])).toThrow(
      "domainCheck: labels has 2 rows, expected 1, one a row of support",
    );
    expect(() => domainCheck(domain, { data: new Float64Array(40), rows: 1, cols: 40 }, [0])).toThrow(
      "domainCheck: support has zeros only",
    );
    expect(() => domainCheck(domain, { data: new Float64Array(3), rows: 1, cols: 3 }, [0])).toThrow(
      "domainCheck: support has 3 columns, expected 40",
    );
  });
});

describe.skipIf(!hasShared)(`on the shared pairs${hasShared ? "" : " (skipped: ../shared is absent)"}`, () => {
  const load = (name: string) => ({
    x: sharedMatrix(`${name}-mobilenetv2/features.npy`),
    y: sharedLabels(`${name}-mobilenetv2/labels.npy`),
  });
  const grocery = hasShared ? load("grocery") : (null as never);
  const cifar = hasShared ? load("cifar10") : (null as never);
  const outside = (set: typeof grocery) => (classes: number[]) =>
    fitDomain(set.x, set.y, { rows: set.y.map((_, i) => i).filter((i) => !classes.includes(set.y[i])) });

  it("each set's own base classes are similar, and swapped ones different, at 1 shot and at 5", () => {
    const groceryBase = fitDomain(
      sharedMatrix("grocery-mobilenetv2/base_features.npy"),
      sharedLabels("grocery-mobilenetv2/base_labels.npy"),
    );
    const cifarBase = outside(cifar)([0, 1, 2, 3, 4]);
    for (const shots of [1, 5]) {
      expect(warned(40, shots, grocery.x, grocery.y, () => groceryBase)).toBeLessThanOrEqual(0.15);
      expect(warned(40, shots, cifar.x, cifar.y, () => groceryBase)).toBe(1);
      expect(warned(40, shots, grocery.x, grocery.y, () => cifarBase)).toBe(1);
    }
    expect(warned(6, 1, cifar.x, cifar.y, outside(cifar))).toBe(0);
    expect(warned(6, 1, grocery.x, grocery.y, outside(grocery))).toBe(0);
  });
});
