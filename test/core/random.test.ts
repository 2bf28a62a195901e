import fc from "fast-check";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import { expect, it } from "vitest";
import { randomBelow, randomNormal, randomStream, randomUniform, type StreamName, shuffle } from "../../src/core/random.ts";
import { expectUniform } from "../properties/chiSquare.ts";

const names: StreamName[] = ["episode", "importance", "synthetic", "bootstrap", "tune"];
const whole = fc.maxSafeNat();
const first = (seed: number, stream: StreamName, index?: number) => {
  const random = randomStream(seed, stream, index);
  return Array.from({ length: 4 }, () => random.next());
};
/** A generator that gives these words, and then fails: to see what a sampler makes of each. */
const script = (words: number[]) => {
  const left = [...words];
  const generator = xoroshiro128plusFromState([1, 2, 3, 4]);
  return Object.assign(generator, {
    next: () => {
      if (left.length === 0) throw new Error("drew once too often");
      return left.shift()!;
    },
  });
};

it("the streams never change: results of today can be had again with any later version", () => {
  expect(first(0, "episode", 0)).toEqual([415021702, 43951066, 1827085743, -1560328392]);
  expect(first(2 ** 53 - 1, "tune", 2 ** 53 - 1)).toEqual([-1026027387, 637224972, 968844940, 727401179]);
});

it("a stream is a pure function of seed, name and index, and index 0 is the default", () => {
  fc.assert(
    fc.property(whole, fc.constantFrom(...names), whole, (seed, name, index) => {
      expect(first(seed, name, index)).toEqual(first(seed, name, index));
      expect(first(seed, name)).toEqual(first(seed, name, 0));
    }),
  );
});

it("streams of different names, seeds or indices differ, whichever of the 53 bits it is that differs", () => {
  expect(new Set(names.map((name) => first(1, name, 1).join())).size).toBe(names.length);
  const bits = Array.from({ length: 53 }, (_, bit) => 2 ** bit);
  expect(new Set([0, ...bits].map((seed) => first(seed, "episode", 0).join())).size).toBe(54);
  expect(new Set([0, ...bits].map((index) => first(0, "episode", index).join())).size).toBe(54);
  fc.assert(
    fc.property(whole, whole, (seed, index) => {
      if (seed !== index) expect(first(seed, "episode", index)).not.toEqual(first(index, "episode", seed));
    }),
  );
});

it("the first draws of neighbouring seeds and of neighbouring indices are independent: each, and each pair of them, equally likely", () => {
  for (const draw of [(i: number) => randomStream(i, "episode", 0), (i: number) => randomStream(0, "episode", i)]) {
    const single = new Int32Array(64);
    const pairs = new Int32Array(256);
    let before = 0;
    for (let i = 0; i < 20000; i++) {
      const value = randomBelow(draw(i), 64);
      single[value]++;
      pairs[(before >> 2) * 16 + (value >> 2)]++;
      before = value;
    }
    expectUniform(single);
    expectUniform(pairs);
  }
});

it("randomBelow is uniform: chi-square over 2 … 1000 values", () => {
  for (const bound of [2, 3, 7, 64, 1000]) {
    const random = randomStream(bound, "tune");
    const counts = new Int32Array(bound);
    for (let i = 0; i < 40000; i++) counts[randomBelow(random, bound)]++;
    expectUniform(counts);
  }
});

it("shuffle puts a list in each of its orders equally often, in place: chi-square over the 24 orders of four", () => {
  const orders = new Map<string, number>();
  const random = randomStream(5, "split");
  const counts = new Int32Array(24);
  for (let i = 0; i < 24000; i++) {
    const list = i % 2 ? [0, 1, 2, 3] : Int32Array.of(0, 1, 2, 3);
    expect(shuffle<number[] | Int32Array>(random, list)).toBe(list);
    const order = list.join("");
    if (!orders.has(order)) orders.set(order, orders.size);
    counts[orders.get(order)!]++;
  }
  expect(orders.size).toBe(24);
  expectUniform(counts);
  for (const order of orders.keys()) expect([...order].sort().join("")).toBe("0123");
  // Nothing is drawn where there is nothing to swap.
  const unused = randomStream(5, "split");
  expect([shuffle(unused, []), shuffle(unused, [7])]).toEqual([[], [7]]);
  expect(unused.next()).toBe(randomStream(5, "split").next());
});

it("randomBelow is Lemire's method to the bit, computed with big integers, for any bound up to 2³¹", () => {
  const bound = fc.oneof(
    fc.integer({ min: 1, max: 100 }),
    fc.integer({ min: 1, max: 2 ** 31 }),
    fc.constantFrom(2 ** 31, 2 ** 31 - 1, 3 * 2 ** 29),
  );
  fc.assert(
    fc.property(whole, bound, (seed, below) => {
      const random = randomStream(seed, "bootstrap");
      const twin = randomStream(seed, "bootstrap");
      const threshold = (2n ** 32n - BigInt(below)) % BigInt(below);
      for (let i = 0; i < 5; i++) {
        let product: bigint;
        do product = BigInt(twin.next() >>> 0) * BigInt(below);
        while (product % 2n ** 32n < threshold);
        expect(randomBelow(random, below)).toBe(Number(product >> 32n));
      }
    }),
    { numRuns: 300 },
  );
});

it("randomBelow draws again exactly where keeping the draw would favour a value", () => {
  // Below 3, of the 2³² words one is too many: 0, whose low half is 0 < 2³² mod 3 = 1.
  expect(randomBelow(script([0, -1]), 3)).toBe(2);
  expect(randomBelow(script([1]), 3)).toBe(0);
  expect(randomBelow(script([0]), 4)).toBe(0);
  expect(randomBelow(script([-1]), 4)).toBe(3);
  expect(randomBelow(script([123456]), 1)).toBe(0);
  // (2³¹ + 1)(2³¹ − 1) = 2⁶² − 1, which a double rounds up to 2⁶²: one too many, or a draw again.
  expect(randomBelow(script([2 ** 31 + 1]), 2 ** 31 - 1)).toBe(2 ** 30 - 1);
});

it("randomUniform lies in [0, 1), uses 53 bits and is uniform", () => {
  expect(randomUniform(script([0, 0]))).toBe(0);
  expect(randomUniform(script([-1, -1]))).toBe(1 - 2 ** -53);
  expect(randomUniform(script([0, 32]))).toBe(2 ** -53);
  expect(randomUniform(script([64, 0]))).toBe(2 ** -26);
  const random = randomStream(3, "synthetic");
  const counts = new Int32Array(100);
  for (let i = 0; i < 40000; i++) counts[Math.floor(100 * randomUniform(random))]++;
  expectUniform(counts);
});

it("randomNormal is Box and Muller's, and finite for every pair of uniforms", () => {
  expect(randomNormal(script([0, 0, 0, 0]))).toBeCloseTo(0, 15);
  const farthest = randomNormal(script([-1, -1, 0, 0]));
  expect(farthest).toBeCloseTo(Math.sqrt(2 * 53 * Math.LN2), 12);
  // u = ½ for the angle: cos π = −1.
  expect(randomNormal(script([-1, -1, 1 << 31, 0]))).toBeCloseTo(-farthest, 12);
});

it("randomNormal has the moments, the tails and the independence of a standard normal", () => {
  const n = 100000;
  const random = randomStream(5, "synthetic");
  const sums = new Float64Array(5);
  let beyond = 0;
  let lag = 0;
  let before = 0;
  for (let i = 0; i < n; i++) {
    const z = randomNormal(random);
    for (let p = 1; p <= 4; p++) sums[p] += z ** p / n;
    beyond += Number(Math.abs(z) > 1.959963984540054) / n;
    lag += (z * before) / n;
    before = z;
  }
  // Five standard errors of each.
  const error = 5 / Math.sqrt(n);
  expect(Math.abs(sums[1])).toBeLessThan(error);
  expect(Math.abs(sums[2] - 1)).toBeLessThan(error * Math.sqrt(2));
  expect(Math.abs(sums[3])).toBeLessThan(error * Math.sqrt(15));
  expect(Math.abs(sums[4] - 3)).toBeLessThan(error * Math.sqrt(96));
  expect(Math.abs(beyond - 0.05)).toBeLessThan(error * Math.sqrt(0.05 * 0.95));
  expect(Math.abs(lag)).toBeLessThan(error);
});
