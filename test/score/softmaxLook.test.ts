import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { indexLabels } from "../../src/core/labels.ts";
import type { Matrix } from "../../src/core/matrix.ts";
import { randomNormal, randomStream } from "../../src/core/random.ts";
import { episodeSampler } from "../../src/episodes/sampleEpisode.ts";
import { loadSpace } from "../../src/estimate/featureSpace.ts";
import { l2Normalize } from "../../src/features/l2Normalize.ts";
import { takeRows } from "../../src/features/takeRows.ts";
import { createKernels } from "../../src/kernels/createKernels.ts";
import { prepareCurve } from "../../src/plan/prepareCurve.ts";
import { fitSoftmax } from "../../src/probe/fitSoftmax.ts";
import { curveScore } from "../../src/score/curveScore.ts";
import { softmaxLook } from "../../src/score/softmaxLook.ts";
import { cheaperForm } from "../../src/solve/prepareSoftmax.ts";

const problem = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  ways: fc.integer({ min: 2, max: 9 }),
  dims: fc.integer({ min: 3, max: 40 }),
  /** How far the classes lie apart, for their spread: at 0 their labels are noise, and many queries nearly tie. */
  gap: fc.constantFrom(0, 0.3, 1, 3),
  /** What all rows have in common. */
  shift: fc.constantFrom(0, 1, 4),
  C: fc.constantFrom(0.01, 1, 30, 1000),
});
type Problem = typeof problem extends fc.Arbitrary<infer T> ? T : never;
const [shots, queries] = [60, 12];

/** Rows of `ways` classes about means in the first dimensions, and then more and more noise. */
function rowsOf({ seed, ways, dims, gap, shift }: Problem): { features: Matrix; labels: Int32Array } {
  const random = randomStream(seed, "synthetic");
  const rows = ways * (shots + queries);
  const labels = Int32Array.from({ length: rows }, (_, i) => i % ways);
  const data = new Float32Array(rows * dims);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < dims; j++)
      data[i * dims + j] = shift + randomNormal(random) * (1 + j / dims) + (j % ways === labels[i] && j < 2 * ways ? gap : 0);
  return { features: { data, rows, cols: dims }, labels };
}

/** The first `cols` columns. */
const firstOf = ({ data, rows, cols: all }: Matrix, cols: number): Matrix => ({
  ...{ rows, cols },
  data: Float64Array.from({ length: rows * cols }, (_, i) => data[Math.floor(i / cols) * all + (i % cols)]),
});

describe("a first look at softmax fits of many rows", () => {
  it("is no further from the exact fit than it says, and answers as that does", () => {
    let [told, answered] = [0, 0];
    fc.assert(
      fc.property(problem, (one) => {
        const { features, labels } = rowsOf(one);
        const { ways, dims, C } = one;
        const index = indexLabels(labels);
        const episode = episodeSampler(index, { ways, shots, queries, seed: 1 }).sample(0);
        const kernels = createKernels("wasm");
        const space = loadSpace(kernels, { features, index, augmented: null, base: null, statistics: "l2" });
        const most = { support: episode.support.length, query: episode.query.length, ways };
        const look = softmaxLook(kernels, space, { cols: dims, normalize: true, most })!;
        const order = Int32Array.from({ length: dims }, (_, j) => j);
        look.start(episode, order, new Float64Array(most.support).fill(C));
        for (const stop of new Set([Math.ceil(dims / 4), Math.ceil(dims / 2), dims])) {
          const left = look.decide(stop);
          const ready = (list: Int32Array): Matrix => l2Normalize(firstOf(takeRows(features, list), stop));
          const exact = fitSoftmax(ready(episode.support), episode.supportLabels, { C });
          const asked = ready(episode.query);
          const seen = look.solution();
          let open = 0;
          for (let i = 0; i < asked.rows; i++) {
            const scores = (coef: ArrayLike<number>, intercept: ArrayLike<number>): number[] =>
              Array.from({ length: ways }, (_, c) => {
                let sum = intercept[c];
                for (let j = 0; j < stop; j++) sum += coef[c * stop + j] * asked.data[i * stop + j];
                return sum;
              });
            const right = scores(exact.coef, exact.intercept);
            if (Number.isFinite(look.apart())) {
              const off = scores(seen!.coef, seen!.intercept).map((score, c) => score - right[c]);
              expect(Math.max(...off) - Math.min(...off)).toBeLessThanOrEqual(look.apart());
            }
            if (look.answers[i] >= 0) {
              answered++;
              expect(right[look.answers[i]]).toBe(Math.max(...right));
            } else open++;
          }
          expect(left).toBe(open);
          told += Number(Number.isFinite(look.apart()));
        }
      }),
      { numRuns: 60, endOnFailure: true },
    );
    // It does tell something of most problems.
    expect(told).toBeGreaterThan(60);
    expect(answered).toBeGreaterThan(2000);
  });

  it("changes no count of a curve: without it, everything is fitted exactly", () => {
    fc.assert(
      fc.property(problem, fc.boolean(), (one, weighted) => {
        const { features, labels } = rowsOf(one);
        const { ways, C } = one;
        const counts = (["wasm", "js"] as const).map((kernels) => {
          const options = {
            ways,
            shots,
            queries,
            seed: 2,
            episodes: 1,
            importance: "variance@support",
            fractions: [0.3, 0.7, 1],
            C,
            kernels,
          };
          const classWeight = weighted ? { classWeight: { 0: 3, 1: 0.5 } } : {};
          const score = curveScore(prepareCurve("test", features, labels, { ...options, ...classWeight }));
          const correct = new Int32Array(score.width);
          score.count(0, correct);
          score.end();
          return Array.from(correct);
        });
        expect(counts[0]).toEqual(counts[1]);
      }),
      { numRuns: 24, endOnFailure: true },
    );
    expect(cheaperForm(9 * shots, 40, 9)).toBe("primal");
  });

  it("is not had where it would bound nothing: without rows at norm 1, in doubles, without WebAssembly, beyond 64 ways", () => {
    const { features, labels } = rowsOf({ seed: 1, ways: 3, dims: 6, gap: 1, shift: 0, C: 1 });
    const most = { support: 30, query: 9, ways: 3 };
    const lookOf = (kind: "wasm" | "js", matrix: Matrix, normalize: boolean, ways: number) => {
      const kernels = createKernels(kind);
      const space = loadSpace(kernels, { features: matrix, index: indexLabels(labels), augmented: null, base: null, statistics: "l2" });
      return softmaxLook(kernels, space, { cols: 6, normalize, most: { ...most, ways } });
    };
    const doubles = { ...features, data: Float64Array.from(features.data) };
    const huge = { ...features, data: features.data.map((value) => value * 1e12) };
    expect(lookOf("wasm", features, true, 3)).not.toBeNull();
    for (const none of [
      lookOf("js", features, true, 3),
      lookOf("wasm", features, false, 3),
      lookOf("wasm", doubles, true, 3),
      lookOf("wasm", huge, true, 3),
      lookOf("wasm", features, true, 65),
    ])
      expect(none).toBeNull();
  });
});
