import fc from "fast-check";
import { expect, it } from "vitest";
import { randomNormal, randomStream, randomUniform } from "../../src/core/random.ts";
import { createKernels } from "../../src/kernels/createKernels.ts";
import { paddedCols } from "../../src/kernels/kernels.ts";

const shape = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  n: fc.integer({ min: 1, max: 300 }),
  cols: fc.integer({ min: 1, max: 75 }).map((quarter) => 4 * quarter),
  k: fc.integer({ min: 2, max: 64 }),
  scale: fc.constantFrom(0.01, 1, 30),
});

it("the parts of a first look at a softmax fit are their sums in doubles, to single precision", () => {
  fc.assert(
    fc.property(shape, ({ seed, n, cols, k, scale }) => {
      const { memory, rough } = createKernels("wasm");
      const { lookNorms, lookLogits, lookResiduals, lookSums } = rough!;
      const random = randomStream(seed, "synthetic");
      const kp = paddedCols(k);
      const stride = cols + 16;
      const singles = (count: number): number => memory.allocate(4 * count) >>> 2;
      const doubles = (count: number): number => memory.allocate(8 * count) >>> 3;
      const [x, factor, weight, y, b] = [n * stride, n, n, n, kp].map(singles);
      const [z, r, work] = [n * kp, n * kp, k * (cols + 4)].map(singles);
      const [w, squares, sums, info, pairs, out] = [k * cols, n, kp, 2, kp * kp, k * cols].map(doubles);
      const { f32, f64, i32 } = memory;
      for (let j = 0; j < n * stride; j++) f32[x + j] = randomNormal(random);
      for (let j = 0; j < k * cols; j++) f64[w + j] = Math.fround(scale * randomNormal(random));
      for (let c = 0; c < kp; c++) f32[b + c] = c < k ? randomNormal(random) : -1e30;
      for (let i = 0; i < n; i++) [f32[weight + i], i32[y + i]] = [randomUniform(random) + 0.5, i % k];
      const rowOf = (i: number): Float32Array => f32.subarray(x + i * stride, x + i * stride + cols);

      // In two parts, the second of which starts within a vector.
      const middle = Math.floor(cols / 3);
      lookNorms(4 * x, stride, n, 0, middle, 8 * squares, 4 * factor);
      lookNorms(4 * x, stride, n, middle, cols, 8 * squares, 4 * factor);
      for (let i = 0; i < n; i++) {
        const squared = rowOf(i).reduce((sum, value) => sum + value * value, 0);
        expect(Math.abs(f64[squares + i] - squared)).toBeLessThanOrEqual(1e-12 * squared);
        expect(f32[factor + i]).toBe(Math.fround(1 / Math.sqrt(f64[squares + i])));
      }

      for (const exact of [1, 0]) {
        lookLogits(4 * x, stride, n, cols, 8 * w, k, kp, 4 * factor, exact, 4 * z, 4 * work);
        for (let i = 0; i < n; i++)
          for (let c = 0; c < kp; c++) {
            let [sum, square] = [0, 0];
            for (let j = 0; j < cols && c < k; j++) {
              sum += rowOf(i)[j] * f64[w + c * cols + j];
              square += f64[w + c * cols + j] ** 2;
            }
            const terms = exact ? 2 : Math.min(cols, 128) / 4 + Math.ceil(cols / 128) + 5;
            const error = Math.abs(f32[z + i * kp + c] - f32[factor + i] * sum);
            expect(error).toBeLessThanOrEqual(1.05 * 2 ** -24 * terms * Math.sqrt(square));
          }
      }

      lookResiduals(n, k, kp, 4 * z, 4 * b, 4 * y, 4 * weight, 4 * factor, 4 * r, 8 * sums, 8 * info, 8 * pairs);
      const [ownSums, ownPairs] = [new Float64Array(k), new Float64Array(k * k)];
      let [spread, lost] = [0, 0];
      for (let i = 0; i < n; i++) {
        const logits = Array.from({ length: k }, (_, c) => f32[z + i * kp + c] + f32[b + c]);
        const most = Math.max(...logits);
        const powers = logits.map((value) => Math.exp(value - most));
        const total = powers.reduce((sum, value) => sum + value, 0);
        const own = i32[y + i];
        const missing = powers.reduce((sum, value, c) => (c === own ? sum : sum + value), 0) / total;
        // Rounding of the logits, exp and sums: see score/lookBound.ts.
        const share = 1.05 * 2 ** -24 * (2 * 3 * Math.max(...logits.map(Math.abs)) + kp / 4 + 15);
        const f = f32[weight + i];
        powers.forEach((value, c) => {
          const p = value / total;
          const residual = c === own ? -missing : p;
          expect(Math.abs(f32[r + i * kp + c] - f * f32[factor + i] * residual)).toBeLessThanOrEqual(
            2 * share * Math.abs(f * f32[factor + i] * residual) + 1e-35,
          );
          ownSums[c] += f * residual;
          powers.forEach((other, a) => {
            ownPairs[a * k + c] += (f * p * other) / total;
          });
          spread += f * p * (1 - p);
        });
        lost += f * missing;
      }
      const near = (value: number, expected: number, size: number): void =>
        expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-3 * size);
      for (let c = 0; c < k; c++) {
        near(f64[sums + c], ownSums[c], lost + 1e-6);
        for (let a = 0; a <= c; a++) near(f64[pairs + a * kp + c], ownPairs[a * k + c], ownPairs[a * k + c] + 1e-6);
      }
      near(f64[info], spread, spread + 1e-4);
      near(f64[info + 1], lost, lost + 1e-6);

      lookSums(4 * x, stride, n, cols, 4 * r, k, kp, 8 * out, 4 * work);
      for (let c = 0; c < k; c += 7)
        for (let j = 0; j < cols; j++) {
          let [sum, sizes] = [0, 0];
          for (let i = 0; i < n; i++) {
            const term = f32[r + i * kp + c] * f32[x + i * stride + j];
            sum += term;
            sizes += Math.abs(term);
          }
          expect(Math.abs(f64[out + c * cols + j] - sum)).toBeLessThanOrEqual(1.05 * 2 ** -24 * 42 * sizes + 1e-40);
        }
    }),
    { numRuns: 8 },
  );
});
