import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import { exp } from "../core/exp.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";
import { checkWeights } from "../solve/checkWeights.ts";

export interface TemperatureOptions {
  /** n weights ≥ 0, not all 0 (default 1 each). */
  readonly sampleWeight?: ArrayLike<number>;
  /** Probability that each row's target gives to all other classes together, 0 … 1 − 1/k (default 1/(n + 2), the rule of succession). */
  readonly smoothing?: number;
}

const temperatureOptionNames: OptionNames<TemperatureOptions> = { sampleWeight: true, smoothing: true };

/** The spread of the logits' times 1/temperature is kept between 1/limit and limit. */
const limit = 1000;

/**
 * Fits a temperature T: probabilities become softmax(logits / T), and labels do not change. It minimises log loss, which is convex in
 * 1/T, by safeguarded Newton steps until only rounding is left (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017).
 *
 * Pass logits of rows that the probe has not seen, such as those of `leaveOneOut` (with `balanced`). If there are few rows, all of them
 * are often predicted correctly, and plain log loss would then give T → 0, full certainty. Targets are therefore smoothed as by Platt
 * (1999): after n correct rows, the next is expected to be correct with probability (n + 1)/(n + 2). `smoothing: 0` gives the plain log
 * loss.
 *
 * @param logits - n × k, finite
 * @param codes - n: each row's class by column, 0 … k − 1
 * @param options - sampleWeight, smoothing
 * @returns T > 0, between 1/1000 and 1000 times the logits' root mean square about their rows' means; 1 if all logits are equal
 * @throws RangeError when lengths differ, there are no rows, or a code, weight or `smoothing` is out of range
 * @example
 * ```ts
 * import { fitTemperature, toMatrix } from "softprobe";
 *
 * const logits = toMatrix([[4, 0], [4, 0], [4, 0], [0, 4]]);
 * console.log(fitTemperature(logits, [0, 0, 1, 1], { smoothing: 0 })); // → 3.641
 * ```
 */
export function fitTemperature(logits: Matrix, codes: ArrayLike<number>, options: TemperatureOptions = {}): number {
  const caller = "fitTemperature";
  checkOptions(options, caller, temperatureOptionNames);
  const { data, rows: n, cols: k } = checkFinite(logits, caller, "logits");
  if (n === 0) throw shapeError(caller, "logits", "0 rows", "at least 1");
  if (k < 2) throw shapeError(caller, "logits", "1 column", "at least 2, one a class");
  if (codes === null || typeof codes !== "object") throw kindError(caller, "codes", codes, "an array of whole numbers");
  if (codes.length !== n) throw shapeError(caller, "codes", `${codes.length} entries`, `${n}, one a row of logits`);
  const { smoothing = 1 / (n + 2) } = options;
  if (typeof smoothing !== "number") throw kindError(caller, "smoothing", smoothing, "a number");
  if (!(smoothing >= 0 && smoothing <= 1 - 1 / k)) throw valueError(caller, "smoothing", `is ${smoothing}`, `a number in 0…${1 - 1 / k}`);
  const weights = checkWeights(options.sampleWeight, n, caller);
  // Logits about their row's mean: shifts don't matter, and the target's expected logit becomes a share of the class's own.
  const z = new Float64Array(n * k);
  let [squares, total, wanted] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const weight = weights[i];
    if (!(Number.isInteger(codes[i]) && codes[i] >= 0 && codes[i] < k))
      throw valueError(caller, `codes[${i}]`, `is ${codes[i]}`, `a whole number in 0…${k - 1}`);
    let mean = 0;
    for (let c = 0; c < k; c++) mean += data[i * k + c] / k;
    for (let c = 0; c < k; c++) {
      const value = data[i * k + c] - mean;
      z[i * k + c] = value;
      squares += (weight * value * value) / k;
    }
    total += weight;
    // The others' mean is −own/(k − 1).
    wanted += weight * z[i * k + codes[i]] * (1 - smoothing - smoothing / (k - 1));
  }
  if (total === 0) throw valueError(caller, "sampleWeight", "is 0 in every row", "at least one weight above 0");
  const spread = Math.sqrt(squares / total);
  if (!(spread > 0)) return 1;

  /** The log loss's first and second derivative by the slope 1/T. */
  const derivatives = (slope: number): [number, number] => {
    let [first, second] = [-wanted, 0];
    for (let i = 0; i < n; i++) {
      let most = z[i * k];
      for (let c = 1; c < k; c++) most = Math.max(most, z[i * k + c]);
      let [sum, mean, square] = [0, 0, 0];
      for (let c = 0; c < k; c++) {
        const value = z[i * k + c];
        const share = exp(slope * (value - most));
        sum += share;
        mean += share * value;
        square += share * value * value;
      }
      mean /= sum;
      first += weights[i] * mean;
      second += weights[i] * Math.max(0, square / sum - mean * mean);
    }
    return [first, second];
  };

  let [low, high] = [1 / (limit * spread), limit / spread];
  if (derivatives(low)[0] >= 0) return 1 / low;
  if (derivatives(high)[0] <= 0) return 1 / high;
  let slope = Math.min(Math.max(1, low), high);
  for (let step = 0; step < 200; step++) {
    const [first, second] = derivatives(slope);
    if (first > 0) high = slope;
    else low = slope;
    const newton = slope - first / second;
    // Halving on a logarithmic scale wherever Newton leaves the bracket.
    const next = newton > low && newton < high ? newton : Math.sqrt(low * high);
    if (Math.abs(next - slope) <= 1e-14 * slope) break;
    slope = next;
  }
  return 1 / slope;
}
