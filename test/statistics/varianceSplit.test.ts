import fc from "fast-check";
import { expect, it } from "vitest";
import { randomNormal, randomStream } from "../../src/core/random.ts";
import { episodesNeeded } from "../../src/statistics/episodesNeeded.ts";
import { meanInterval } from "../../src/statistics/meanInterval.ts";
import { studentTQuantile } from "../../src/statistics/studentT.ts";
import { varianceSplit } from "../../src/statistics/varianceSplit.ts";

it("is the textbook analysis of variance, balanced and not", () => {
  // Balanced: task means 2 and 8, MS between 36, MS within 2, n₀ = 2.
  expect(varianceSplit([1, 3, 7, 9], ["a", "a", "b", "b"])).toEqual({
    mean: 5,
    between: 17,
    within: 2,
    share: 17 / 19,
    rawBetween: 17,
    tasks: 2,
    episodes: 4,
  });
  // Unbalanced, 3 and 1 draws: SS within 2 on 2 degrees of freedom, grand mean 3.5, SS between 27 on 1; n₀ = 4 − 10/4 = 1.5.
  const split = varianceSplit([1, 2, 3, 8], [7, 7, 7, 9]);
  expect(split.within).toBeCloseTo(1, 14);
  expect(split.between).toBeCloseTo((27 - 1) / 1.5, 13);
  expect(split.mean).toBe(5);
});

it("recovers the variances that tasks and draws were made with, on average over unbalanced designs", () => {
  const random = randomStream(4, "synthetic");
  const estimates: { between: number[]; within: number[] } = { between: [], within: [] };
  for (let run = 0; run < 400; run++) {
    const [values, tasks]: number[][] = [[], []];
    for (let t = 0; t < 12; t++) {
      const task = 0.7 + 0.1 * randomNormal(random);
      for (let i = 0; i <= t % 4; i++) {
        values.push(task + 0.05 * randomNormal(random));
        tasks.push(t);
      }
    }
    const { rawBetween, within } = varianceSplit(values, tasks);
    estimates.between.push(rawBetween);
    estimates.within.push(within);
  }
  for (const [name, truth] of [["between", 0.01] as const, ["within", 0.0025] as const]) {
    const { mean, standardError } = meanInterval(estimates[name]);
    expect(Math.abs(mean - truth)).toBeLessThan(4 * standardError);
    expect(standardError).toBeLessThan(0.05 * truth);
  }
});

it("does not see the order of episodes, the names of tasks or a shift of all values, and scales as a square", () => {
  const values = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 0, max: 3 })), { minLength: 6, maxLength: 30 });
  fc.assert(
    fc.property(values, fc.integer({ min: -9, max: 9 }), (pairs, shift) => {
      const y = [0, 1, 0, 2, ...pairs.map(([value]) => value)];
      const tasks = [0, 0, 1, 1, ...pairs.map(([, task]) => task)];
      const before = [...y];
      const split = varianceSplit(y, tasks);
      const other = varianceSplit(
        [...y].reverse().map((value) => 2 * (value + shift)),
        [...tasks].reverse().map((task) => `task ${9 - task}`),
      );
      expect(other.within).toBeCloseTo(4 * split.within, 7);
      expect(other.rawBetween).toBeCloseTo(4 * split.rawBetween, 7);
      expect(other.mean).toBeCloseTo(2 * (split.mean + shift), 9);
      expect(split.share).toBeGreaterThanOrEqual(0);
      expect(split.share).toBeLessThanOrEqual(1);
      expect(y).toEqual(before);
    }),
  );
});

it("cuts a negative estimate off at 0 and keeps it as rawBetween; equal values have no variance at all", () => {
  const split = varianceSplit([0, 2, 0, 2], ["a", "a", "b", "b"]);
  expect(split).toMatchObject({ between: 0, within: 2, share: 0, rawBetween: -1 });
  expect(varianceSplit([0.1, 0.1, 0.1, 0.1], [0, 0, 0, 1])).toMatchObject({ between: 0, within: 0, share: 0 });
});

it("episodesNeeded is the fewest tasks whose interval is narrow enough", () => {
  const positive = fc.double({ min: 1e-4, max: 0.5, noNaN: true });
  fc.assert(
    fc.property(
      positive,
      positive,
      positive,
      fc.integer({ min: 1, max: 10 }),
      fc.constantFrom(0.9, 0.95, 0.99),
      (h, b, w, draws, level) => {
        const half = 0.02 + h;
        const { tasks, episodes } = episodesNeeded(half, { between: b, within: w }, { drawsPerTask: draws, level });
        const width = (n: number) => studentTQuantile(0.5 + level / 2, n - 1) * Math.sqrt((b + w / draws) / n);
        expect(width(tasks)).toBeLessThanOrEqual(half * (1 + 1e-12));
        if (tasks > 2) expect(width(tasks - 1)).toBeGreaterThan(half);
        expect(episodes).toBe(tasks * draws);
      },
    ),
  );
  expect(episodesNeeded(0.01, { between: 0, within: 0 })).toEqual({ episodes: 2, tasks: 2 });
});

it("that many simulated episodes give an interval of about the width asked for", () => {
  const random = randomStream(12, "synthetic");
  const { episodes } = episodesNeeded(0.02, { between: 0.01, within: 0.005 });
  const values = Array.from({ length: episodes }, () => 0.1 * randomNormal(random) + Math.sqrt(0.005) * randomNormal(random));
  const { ci } = meanInterval(values);
  expect(Math.abs((ci[1] - ci[0]) / 2 / 0.02 - 1)).toBeLessThan(0.2);
});

it("names the argument at fault", () => {
  expect(() => varianceSplit([], [])).toThrow("varianceSplit: values has 0 entries, expected at least 1");
  expect(() => varianceSplit([1, 2], [1])).toThrow("varianceSplit: tasks has 1 rows, expected 2, one for each of values");
  expect(() => varianceSplit([1, 2], ["a", "a"])).toThrow("varianceSplit: tasks are all a, expected at least 2 different tasks");
  expect(() => varianceSplit([1, 2], ["a", "b"])).toThrow(
    "varianceSplit: tasks have one episode each, expected a task with at least 2 draws",
  );
  expect(() => varianceSplit([1, Number.NaN, 3], [0, 0, 1])).toThrow("varianceSplit: values[1] is NaN, expected finite numbers");
  expect(() => varianceSplit(3 as never, [0])).toThrow(TypeError);
  expect(() => episodesNeeded(0, { between: 1, within: 1 })).toThrow(
    "episodesNeeded: halfWidth is 0, expected a finite number greater than 0",
  );
  expect(() => episodesNeeded(1, { between: -1, within: 1 })).toThrow(
    "episodesNeeded: split.between is -1, expected a finite variance of at least 0",
  );
  expect(() => episodesNeeded(1e-9, { between: 1, within: 1 })).toThrow(
    "episodesNeeded: halfWidth is 1e-9, expected a width that 10¹² tasks can reach",
  );
  expect(() => episodesNeeded(1, { between: 1, within: 1 }, { drawsPerTask: 0 })).toThrow("episodesNeeded: drawsPerTask is 0");
});
