import type { PartMaps } from "../basis/fitPartMaps.ts";
import type { Matrix } from "../core/matrix.ts";
import type { RowLoops } from "../kernels/rowLoops.ts";
import { applySteps, type Step, type StepPart } from "../probe/steps.ts";
import type { Combination, CombinationWeights } from "./combination.ts";

const l2: Step = { kind: "l2", weights: null };

/** 1/√(variance + ρλ̄) of each coordinate that `split` gives: along the eigenvectors, then all that they leave. */
function whitening({ values, meanVariance, cols }: PartMaps, ridge: number): Step {
  const added = ridge * meanVariance;
  const weights = new Float64Array(values.length + cols).fill(1 / Math.sqrt(added));
  for (let i = 0; i < values.length; i++) weights[i] = 1 / Math.sqrt(values[i] + added);
  return { kind: "mask", weights };
}

/** A d × q matrix for rows that `split` has rotated: (r + d) × q. */
function afterSplit(matrix: Float64Array, { vectors, values, cols }: PartMaps): Step {
  const r = values.length;
  const q = matrix.length / cols;
  const out = new Float64Array((r + cols) * q);
  for (let i = 0; i < r; i++)
    for (let j = 0; j < cols; j++) {
      const weight = vectors[i * cols + j];
      for (let c = 0, from = j * q, to = i * q; c < q; c++) out[to + c] += weight * matrix[from + c];
    }
  out.set(matrix, r * q);
  return { kind: "transform", dimensions: q, matrix: out };
}

/**
 * The maps of a combination, times the roots of their weights, side by side, as a probe's steps: what its softmax head is trained on comes first, the
 * `density` last columns are the two-covariance model's coordinates. Parts of weight 0 are left out. The rotation to the eigenvectors of W is done once.
 */
export function combinationSteps(
  { maps, parts: own }: Pick<Combination, "maps" | "parts">,
  { weights, scales }: Pick<CombinationWeights, "weights" | "scales">,
): { readonly steps: readonly Step[]; readonly density: number } {
  const root = (m: number): number => Math.sqrt(weights[m]);
  const part = (name: string, weight: number, steps: readonly Step[]): StepPart[] => (weight > 0 ? [{ name, weight, steps }] : []);
  const ownFrom = (first: number): StepPart[] => own.flatMap(({ name, steps }, i) => part(name, root(first + i), steps));
  if (!maps) return { steps: [{ kind: "parts", parts: [...part("raw", root(0), [l2]), ...ownFrom(1)] }], density: 0 };
  const { ridges } = maps;
  const at = 2 + ridges.whitened.length;
  const directions = part("directions", root(at), [afterSplit(maps.directions, maps)]);
  const rotated: StepPart[] = ridges.whitened.flatMap((ridge, i) => {
    const name = `whitened:${ridge}`;
    const plain = part(name, root(2 + i), []);
    const inner = ridge === ridges.directions ? [...plain, ...directions] : plain;
    if (inner.length === 0) return [];
    const steps = [whitening(maps, ridge), l2];
    return inner === plain || inner.length === plain.length
      ? [{ ...plain[0], steps }]
      : [{ name: `of ridge ${ridge}`, weight: 1, steps: [...steps, { kind: "parts", parts: inner }] }];
  });
  const centred: StepPart[] = [
    ...part("centred", root(1), []),
    ...(rotated.length > 0
      ? [
          {
            name: "rotated",
            weight: 1,
            steps: [
              { kind: "split", vectors: maps.vectors },
              { kind: "parts", parts: rotated },
            ],
          } as StepPart,
        ]
      : []),
  ];
  const centre: readonly Step[] = [l2, { kind: "centre", mean: maps.mean }, l2];
  const density = scales[1] > 0 ? maps.psi.length : 0;
  const all: StepPart[] = [
    ...part("raw", root(0), [l2]),
    ...ownFrom(at + 1),
    ...(centred.length > 0
      ? [{ name: "from base classes", weight: 1, steps: [...centre, { kind: "parts", parts: centred }] } as StepPart]
      : []),
    ...(density > 0
      ? [
          {
            name: "density",
            weight: 1,
            steps: [...centre, { kind: "transform", dimensions: density, matrix: maps.density }],
          } as StepPart,
        ]
      : []),
  ];
  return { steps: [{ kind: "parts", parts: all }], density };
}

/** The share of each row that the base classes' variance leaves unexplained: λ̄ · z(W + λ̄I)⁻¹zᵀ, as `fitParts` gives it. */
export function unexplainedShares(maps: PartMaps, features: Matrix, loops: RowLoops, caller: string): Float64Array {
  const added = maps.ridges.density * maps.meanVariance;
  const centre: readonly Step[] = [l2, { kind: "centre", mean: maps.mean }, l2, { kind: "split", vectors: maps.vectors }];
  const { data, rows, cols } = applySteps([...centre, whitening(maps, maps.ridges.density)], features, { loops, caller });
  return Float64Array.from({ length: rows }, (_, i) => {
    let squares = 0;
    for (let j = i * cols; j < (i + 1) * cols; j++) squares += data[j] * data[j];
    return added * squares;
  });
}
