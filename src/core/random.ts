import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { log } from "./log.ts";
import { cosine } from "./trigonometry.ts";

/** Names of the independent streams a seed opens, so that drawing more from one never shifts another. */
export type StreamName = "episode" | "importance" | "synthetic" | "bootstrap" | "tune" | "domain" | "folds" | "split" | "shots";

const streamNumber: Record<StreamName, number> = {
  episode: 1,
  importance: 2,
  synthetic: 3,
  bootstrap: 4,
  tune: 5,
  domain: 6,
  folds: 7,
  split: 8,
  shots: 9,
};

/** Scrambles 32 bits so that neighbouring inputs share nothing (the finaliser of MurmurHash3). */
function mix(bits: number): number {
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) | 0;
}

/**
 * The random stream of (seed, stream, index): built directly from their bits, so that episode 1,000,000 costs as much as episode 0 and
 * any worker can make any episode. All 53 bits of `seed` and `index` count. The generator is pure-rand's xoroshiro128+.
 *
 * @param seed - whole number, 0 … 2⁵³ − 1
 * @param stream - which independent stream
 * @param index - whole number, 0 … 2⁵³ − 1, such as the episode
 */
export function randomStream(seed: number, stream: StreamName, index = 0): RandomGenerator {
  const words = [seed >>> 0, Math.floor(seed / 2 ** 32), index >>> 0, Math.floor(index / 2 ** 32), streamNumber[stream]];
  const state: number[] = [];
  for (let s = 0; s < 4; s++) {
    let hash = mix(0x9e3779b9 * (s + 1));
    for (const word of words) hash = mix((Math.imul(hash, 31) + word) ^ 0x27d4eb2f) ^ Math.imul(word, 0x165667b1);
    state.push(mix(hash));
  }
  // The all-zero state is the generator's one fixed point.
  if ((state[0] | state[1] | state[2] | state[3]) === 0) state[0] = 1;
  const generator = xoroshiro128plusFromState(state);
  for (let i = 0; i < 4; i++) generator.next();
  return generator;
}

/** A whole number in 0 … bound − 1, exactly uniform (Lemire's multiply, with his rejection). `bound` ≤ 2³¹. */
export function randomBelow(random: RandomGenerator, bound: number): number {
  let word = random.next();
  // The 64-bit product's low half; a double would lose its last bits.
  let low = Math.imul(word, bound) >>> 0;
  if (low < bound) {
    const threshold = (2 ** 32 - bound) % bound;
    while (low < threshold) {
      word = random.next();
      low = Math.imul(word, bound) >>> 0;
    }
  }
  return Math.round(((word >>> 0) * bound - low) / 2 ** 32);
}

/** Puts a list in random order, in place (Fisher & Yates), and returns it. */
export function shuffle<T extends number[] | Int32Array>(random: RandomGenerator, list: T): T {
  for (let at = list.length - 1; at > 0; at--) {
    const other = randomBelow(random, at + 1);
    [list[at], list[other]] = [list[other], list[at]];
  }
  return list;
}

/** A double in [0, 1) with 53 random bits. */
export function randomUniform(random: RandomGenerator): number {
  const high = random.next() >>> 6;
  const low = random.next() >>> 5;
  return (high * 2 ** 27 + low) / 2 ** 53;
}

/** A standard normal deviate (Box–Muller; the second of each pair is not kept, so that a stream has no hidden state). */
export function randomNormal(random: RandomGenerator): number {
  const radius = Math.sqrt(-2 * log(1 - randomUniform(random)));
  return radius * cosine(2 * Math.PI * randomUniform(random));
}
