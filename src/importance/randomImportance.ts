import { checkCount } from "../core/checks.ts";
import { randomStream, randomUniform } from "../core/random.ts";

/**
 * Random importance, uniform in (0, 1]: the control that shows what chance gives. A pure function of (seed, episode).
 *
 * @param cols - d
 * @param seed - whole number ≥ 0
 * @param episode - whole number ≥ 0
 * @returns d values
 * @example
 * ```ts
 * import { randomImportance } from "softprobe/importance";
 *
 * console.log(randomImportance(3, 1, 0)[0] === randomImportance(3, 1, 0)[0]); // → true
 * ```
 */
export function randomImportance(cols: number, seed: number, episode = 0): Float64Array {
  checkCount(cols, "randomImportance", "cols");
  const random = randomStream(
    checkCount(seed, "randomImportance", "seed", 0),
    "importance",
    checkCount(episode, "randomImportance", "episode", 0),
  );
  const out = new Float64Array(cols);
  for (let j = 0; j < cols; j++) out[j] = 1 - randomUniform(random);
  return out;
}
