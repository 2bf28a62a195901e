import { expect, it } from "vitest";
import { fitSoftmax, type SoftmaxHead } from "../../src/probe/fitSoftmax.ts";
import { predictProba } from "../../src/probe/predict.ts";
import { type Golden, golden } from "../golden/small.ts";

/** |gradient| in (W, intercept), the plain way, in d dimensions. */
function gradientNorm(p: Golden["softmax"][number], coef: ArrayLike<number>, intercept: ArrayLike<number>): number {
  const k = intercept.length;
  const gradient = Array.from(coef);
  const bias = new Array<number>(k).fill(0);
  for (let i = 0; i < p.rows; i++) {
    const x = p.X.slice(i * p.cols, (i + 1) * p.cols);
    const logits = bias.map((_, c) => x.reduce((sum, value, j) => sum + value * coef[c * p.cols + j], intercept[c]));
    const most = Math.max(...logits);
    const total = logits.reduce((sum, z) => sum + Math.exp(z - most), 0);
    for (let c = 0; c < k; c++) {
      const residual = p.C * (p.sampleWeight?.[i] ?? 1) * (Math.exp(logits[c] - most) / total - Number(p.y[i] === c));
      bias[c] += residual;
      for (let j = 0; j < p.cols; j++) gradient[c * p.cols + j] += residual * x[j];
    }
  }
  return Math.hypot(...gradient, ...(p.fitIntercept ? bias : []));
}

for (const kernels of ["wasm", "js"] as const) {
  for (const p of golden.softmax) {
    it(`fitSoftmax (${kernels}) finds the optimum: ${p.name}`, () => {
      const features = { data: Float64Array.from(p.X), rows: p.rows, cols: p.cols };
      const head: SoftmaxHead = fitSoftmax(features, p.y, {
        C: p.C,
        fitIntercept: p.fitIntercept,
        sampleWeight: p.sampleWeight ?? undefined,
        kernels,
      });
      expect(head.converged).toBe(true);
      expect(head.objective).toBeLessThanOrEqual(p.objective * (1 + 1e-9));
      const size = Math.hypot(...p.coef);
      // The objective is 1-strongly convex in W, so this bounds |W − optimum| / |W| whatever scipy found.
      expect(gradientNorm(p, head.coef, head.intercept) / size).toBeLessThan(1e-8);
      // scipy's own answer to "huge scale" stopped short: its gradient is 3e-5 of |W|, and our objective is 13 % lower.
      if (gradientNorm(p, p.coef, p.intercept) > 1e-7 * size) {
        expect(p.name).toBe("huge scale");
        return;
      }
      expect(Math.hypot(...p.coef.map((value, i) => value - head.coef[i])) / size).toBeLessThan(1e-6);
      const proba = predictProba(head, { data: Float64Array.from(p.query), rows: p.query.length / p.cols, cols: p.cols });
      p.probability.forEach((value, i) => {
        expect(Math.abs(proba.data[i] - value)).toBeLessThan(1e-6);
      });
    });
  }
}
