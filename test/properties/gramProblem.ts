import { readFileSync } from "node:fs";
import type { GramProblem } from "../../src/heldout/heldOutSolver.ts";
import { createKernels, type KernelChoice } from "../../src/kernels/createKernels.ts";
import type { Kernels } from "../../src/kernels/kernels.ts";

/** A softmax problem in the span of these rows, in kernel memory: each row its own group and of weight 1 unless said. */
export function gramProblem(
  kernels: Kernels,
  rows: readonly (readonly number[])[],
  codes: readonly number[],
  options: Partial<Omit<GramProblem, "gram" | "codes" | "k">> = {},
): GramProblem {
  const n = rows.length;
  const gram = kernels.memory.allocate(8 * n * n);
  rows.forEach((a, i) => {
    rows.forEach((b, j) => {
      kernels.memory.f64[(gram >>> 3) + i * n + j] = a.reduce((sum, value, at) => sum + value * b[at], 0);
    });
  });
  return {
    gram,
    ...{ codes: Int32Array.from(codes), k: Math.max(...codes) + 1, weights: new Float64Array(n).fill(1), fitIntercept: true },
    ...{ groups: codes.map((_, i) => [i]), balanced: false, ...options },
  };
}

/** Kernels whose memory others have used: what is not written anew there is no number. */
export function usedKernels(choice: KernelChoice = "auto"): Kernels {
  const kernels = createKernels(choice);
  const { memory } = kernels;
  const mark = memory.mark();
  const bytes = 2 ** 20;
  const at = memory.allocate(bytes);
  memory.f64.fill(Number.NaN, at >>> 3, (at + bytes) >>> 3);
  memory.release(mark);
  return kernels;
}

/** Kernels that note how many Newton steps each dual fit takes. */
export function countingKernels(): { readonly kernels: Kernels; readonly counts: number[] } {
  const plain = createKernels("auto");
  const counts: number[] = [];
  const fit: Kernels["fit"] = (...given) => {
    plain.fit(...given);
    counts.push(plain.memory.f64[given[14] >>> 3]);
  };
  return { kernels: { ...plain, fit }, counts };
}

/** What a solver's steps tell, and what it returns. */
export function stepsOf<T, R>(work: Generator<T, R, void>): { readonly steps: T[]; readonly value: R } {
  const steps: T[] = [];
  for (;;) {
    const { done, value } = work.next();
    if (done) return { steps, value };
    steps.push(value);
  }
}

/** A small problem solved by numpy, with and without each group of its rows: test/golden/make-heldOut.py says how. Lists of rows × classes. */
export interface HeldOutGolden {
  readonly rows: readonly (readonly number[])[];
  readonly codes: readonly number[];
  readonly weights: readonly number[];
  readonly groups: readonly (readonly number[])[];
  readonly fits: readonly {
    readonly C: number;
    readonly fitIntercept: boolean;
    readonly coef: readonly number[];
    readonly intercept: readonly number[];
    readonly objective: number;
    readonly dual: readonly number[];
    readonly heldOut: { readonly plain: readonly number[]; readonly balanced: readonly number[] };
    readonly oneStep: { readonly rows: readonly number[]; readonly groups: readonly number[] };
  }[];
}

export const heldOutGolden = JSON.parse(readFileSync(new URL("../golden/heldOut.json", import.meta.url), "utf8")) as HeldOutGolden;
