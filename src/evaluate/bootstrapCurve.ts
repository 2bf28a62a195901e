import { randomBelow, randomStream } from "../core/random.ts";
import { studentTQuantile } from "../statistics/studentT.ts";
import { indexOf } from "./redundancyIndex.ts";
import type { Interval } from "./results.ts";

/** How often tasks are drawn again: the ends of a 95 % interval rest on 25 of them each. */
const resamples = 1000;

/** Where the knee and the index of a curve fall when its tasks are drawn again. */
export interface CurveBootstrap {
  /** 95 % percentile interval of the knee, as positions of stops. */
  readonly knee: Interval;
  /** 95 % percentile interval of the index; NaN where the curve has one size only. */
  readonly index: Interval;
}

/** The middle 95 % of values, by nearest rank outward. */
function percentiles(values: Float64Array): Interval {
  const sorted = values.slice().sort();
  const last = sorted.length - 1;
  return [sorted[Math.floor(0.025 * last)], sorted[Math.ceil(0.975 * last)]];
}

/**
 * Bootstraps a redundancy curve over its tasks (Efron 1979): each resample draws as many tasks as there are, with all their points, so that pairing is kept, and
 * finds knee and index anew by the same rules. A pure function of the seed.
 *
 * @param values - stops × tasks: accuracy of each task at each stop, all dimensions last
 * @param dimensions - stops: how many are kept, ascending
 * @param options - chance of each task, ε, and the run's seed
 */
export function bootstrapCurve(
  values: readonly Float64Array[],
  dimensions: readonly number[],
  options: { readonly chance: Float64Array; readonly epsilon: number; readonly seed: number },
): CurveBootstrap {
  const { chance, epsilon, seed } = options;
  const stops = values.length;
  const tasks = chance.length;
  const all = values[stops - 1];
  const quantile = tasks > 1 ? studentTQuantile(0.975, tasks - 1) : 0;
  const random = randomStream(seed, "bootstrap");
  const times = new Int32Array(tasks);
  const means = new Float64Array(stops);
  const knees = new Float64Array(resamples);
  const indices = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    times.fill(0);
    for (let t = 0; t < tasks; t++) times[randomBelow(random, tasks)]++;
    let guess = 0;
    for (let t = 0; t < tasks; t++) guess += times[t] * chance[t];
    let knee = stops - 1;
    for (let s = stops - 1; s >= 0; s--) {
      const own = values[s];
      let [sum, gap, squares] = [0, 0, 0];
      for (let t = 0; t < tasks; t++) {
        const difference = own[t] - all[t];
        sum += times[t] * own[t];
        gap += times[t] * difference;
        squares += times[t] * difference * difference;
      }
      means[s] = sum / tasks;
      const mean = gap / tasks;
      const error = tasks > 1 ? Math.sqrt(Math.max(0, squares - tasks * mean * mean) / (tasks - 1) / tasks) : 0;
      if (mean - quantile * error >= -epsilon) knee = s;
    }
    knees[r] = knee;
    indices[r] = indexOf(dimensions, means, guess / tasks);
  }
  return { knee: percentiles(knees), index: percentiles(indices) };
}
