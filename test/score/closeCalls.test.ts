import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomNormal, randomStream } from "../../src/core/random.ts";
import { randomImportance } from "../../src/importance.ts";
import * as softprobe from "../../src/index.ts";
import { createKernels } from "../../src/kernels/createKernels.ts";
import { paddedCols } from "../../src/kernels/kernels.ts";
import { statisticsOf } from "../../src/kernels/statisticsOf.ts";
import { prepareCurve } from "../../src/plan/prepareCurve.ts";
import { prepareEvaluation } from "../../src/plan/prepareEvaluation.ts";
import { curveScore } from "../../src/score/curveScore.ts";
import { maskScore } from "../../src/score/maskScore.ts";
import { fitTolerance, fitWorkspace, paddedClasses } from "../../src/solve/solveSoftmax.ts";

it("a loose fit is no further from the exact one than it says", () => {
  const problem = fc.record({
    seed: fc.integer({ min: 0, max: 1e9 }),
    n: fc.integer({ min: 3, max: 30 }),
    k: fc.integer({ min: 2, max: 8 }),
    logC: fc.double({ min: -3, max: 2, noNaN: true }),
    logTolerance: fc.double({ min: -8, max: -2, noNaN: true }),
    shift: fc.double({ min: 0, max: 3, noNaN: true }),
  });
  let told = 0;
  fc.assert(
    fc.property(problem, ({ seed, n, k, logC, logTolerance, shift }) => {
      fc.pre(n >= k);
      const random = randomStream(seed, "synthetic");
      const kernels = createKernels("js");
      const { memory } = kernels;
      const [dim, kp] = [24, paddedClasses(k)];
      const stride = paddedCols(dim);
      const [x, raw, gram, inverse, weight] = [n * stride, n * n, n * n, n, n].map((count) => memory.allocate(8 * count));
      const y = memory.allocate(4 * n);
      const loose = fitWorkspace(kernels, n, k);
      const exact = fitWorkspace(kernels, n, k);
      const { f64, i32 } = memory;
      for (let i = 0; i < n; i++) {
        i32[(y >> 2) + i] = i % k;
        f64[(weight >> 3) + i] = i % 4 ? 1 : 0.3;
        for (let j = 0; j < dim; j++) f64[(x >> 3) + i * stride + j] = shift + randomNormal(random) + (j === i % k ? 2 : 0);
      }
      kernels.gram(x, stride, n, stride, raw, 0);
      statisticsOf(kernels).correlate(raw, n, inverse, gram);
      for (const [space, tolerance] of [[loose, 10 ** logTolerance] as const, [exact, fitTolerance] as const]) {
        f64.fill(0, space.dual >> 3, (space.dual >> 3) + n * kp);
        f64.fill(0, space.intercept >> 3, (space.intercept >> 3) + kp);
        const { dual, intercept, work, info } = space;
        kernels.fit(n, k, kp, gram, y, weight, 10 ** logC, 1, 0, tolerance, 200, dual, intercept, work, info);
      }
      const far = f64[(loose.info >> 3) + 5];
      const shifted = f64[(loose.info >> 3) + 6];
      if (far === 1e300) return;
      told++;
      // |ΔW|² = tr(ΔAᵀ K ΔA).
      const gap = Array.from({ length: n * kp }, (_, i) => f64[(loose.dual >> 3) + i] - f64[(exact.dual >> 3) + i]);
      let squared = 0;
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) for (let c = 0; c < k; c++) squared += gap[i * kp + c] * gap[j * kp + c] * f64[(gram >> 3) + i * n + j];
      const moved = Math.hypot(...Array.from({ length: k }, (_, c) => f64[(loose.intercept >> 3) + c] - f64[(exact.intercept >> 3) + c]));
      expect(Math.sqrt(Math.max(0, squared))).toBeLessThanOrEqual(far + 1e-8);
      expect(moved).toBeLessThanOrEqual(shifted + 1e-8);
    }),
    { numRuns: 300 },
  );
  expect(told).toBeGreaterThan(150);
});

describe("the closest calls are those of the exact fit", () => {
  // Rows come in pairs a hair apart, and classes barely differ: many queries lie next to a change of answer.
  const [rows, dims, classes] = [96, 33, 6];
  const random = randomStream(11, "synthetic");
  const labels = Int32Array.from({ length: rows }, (_, i) => i % classes);
  const features: softprobe.Matrix = { data: new Float32Array(rows * dims), rows, cols: dims };
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < dims; j++) {
      const pair = i % 12;
      features.data[i * dims + j] =
        i < 12 ? 1 + 0.02 * randomNormal(random) : features.data[pair * dims + j] * (1 + 1e-5 * randomNormal(random));
    }
  }
  const task = { ways: 4, shots: 2, queries: 10, seed: 3 };
  const options = { ...task, episodes: 40 };
  const episodes = Array.from({ length: 40 }, (_, e) => softprobe.sampleEpisode(labels, task, e));
  const unit = softprobe.l2Normalize({ ...features, data: Float64Array.from(features.data) });
  const byHand = (x: softprobe.Matrix) =>
    episodes.map(({ support, supportLabels, query, queryLabels }) => {
      const head = softprobe.fitSoftmax(softprobe.takeRows(x, support), supportLabels);
      return softprobe.predict(head, softprobe.takeRows(x, query)).reduce((sum: number, way, i) => sum + Number(way === queryLabels[i]), 0);
    });

  for (const kernels of ["wasm", "js"] as const) {
    it(`of evaluations, by ${kernels}`, () => {
      const score = maskScore(prepareEvaluation("test", features, labels, { ...options, kernels }));
      const correct = new Int32Array(score.width);
      const counts = episodes.map((_, e) => {
        score.count(e, correct);
        return correct[0];
      });
      expect(counts).toEqual(byHand(unit));
    });

    it(`of curves, by ${kernels}`, () => {
      const plan = prepareCurve("test", features, labels, { ...options, kernels, importance: "random", fractions: [0.1, 0.105, 0.4, 1] });
      const score = curveScore(plan);
      const correct = new Int32Array(score.width);
      const counts = episodes.map((_, e) => {
        score.count(e, correct);
        return [...correct];
      });
      const masked = plan.dimensions.map((dimensions) =>
        episodes.map((episode, e) => {
          const kept = softprobe.topMask(randomImportance(dims, options.seed, e), dimensions / dims);
          const x = softprobe.applyMask(unit, kept, { normalize: "l2" });
          const head = softprobe.fitSoftmax(softprobe.takeRows(x, episode.support), episode.supportLabels);
          const answers = softprobe.predict(head, softprobe.takeRows(x, episode.query));
          return answers.reduce((sum: number, way, i) => sum + Number(way === episode.queryLabels[i]), 0);
        }),
      );
      // The last number says that every fit has converged.
      expect(counts).toEqual(episodes.map((_, e) => [...masked.map((one) => one[e]), 0]));
    });
  }
});

describe("answers do not depend on the features' scale, which l2 takes away", () => {
  const { features, labels } = softprobe.syntheticFeatures({ classes: 8, rowsPerClass: 14, dims: 48, separation: 0.6, seed: 21 });
  const shape = (exponent: number): softprobe.Matrix => ({ ...features, data: features.data.map((value) => value * 2 ** exponent) });
  const options = { ways: 5, queries: 8, episodes: 30, seed: 2 };
  const masks = ["none", "pair@oracle/top:0.1", "pair@oracle/power:1"];
  const evaluated = (matrix: softprobe.Matrix, shots: number) => {
    const score = maskScore(
      prepareEvaluation("test", matrix, labels, { ...options, shots, masks, probes: ["softmax", "centroid", "cosine"] }),
    );
    const correct = new Int32Array(score.width);
    return Array.from({ length: options.episodes }, (_, e) => [score.count(e, correct), ...correct]);
  };
  const curve = (matrix: softprobe.Matrix, probe: "softmax" | "centroid") => {
    const score = curveScore(prepareCurve("test", matrix, labels, { ...options, shots: 2, probe, fractions: [0.05, 0.1, 0.3, 1] }));
    const correct = new Int32Array(score.width);
    return Array.from({ length: options.episodes }, (_, e) => [score.count(e, correct), ...correct]);
  };
  for (const exponent of [-100, -72, -66, 62, 66, 110]) {
    it(`times 2^${exponent}`, () => {
      for (const shots of [1, 3]) expect(evaluated(shape(exponent), shots)).toEqual(evaluated(shape(0), shots));
      for (const probe of ["softmax", "centroid"] as const) expect(curve(shape(exponent), probe)).toEqual(curve(shape(0), probe));
    });
  }
});
