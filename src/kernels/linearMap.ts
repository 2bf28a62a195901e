import type { Kernels } from "./kernels.ts";

/** A d × r matrix in one of four ways: dense, L⁻ᵀ of a triangular L, a multiple of the identity plus low rank, or (all null) the identity. */
export interface LinearMap {
  readonly cols: number;
  readonly dimensions: number;
  /** d × r, row-major: rows are multiplied by it from the right. */
  readonly transform: Float64Array | null;
  /** d × d, L lower triangular: rows are multiplied by L⁻ᵀ, by substitution. */
  readonly lower: Float64Array | null;
  /** x ↦ rest · x + Σ gains[i] · (x·vᵢ) vᵢ, with the vᵢ as rows of `vectors`. */
  readonly lowRank: { readonly vectors: Float64Array; readonly gains: Float64Array; readonly rest: number } | null;
}

/** Puts the matrix into kernel memory; the function multiplies up to `most` rows at an address there and returns the address of the products. */
export function loadLinearMap(map: LinearMap, kernels: Kernels, most: number): (x: number, count: number) => number {
  const { cols: d, dimensions: r, transform, lower, lowRank } = map;
  const { memory } = kernels;
  const put = (values: Float64Array): number => {
    const at = memory.allocate(8 * values.length);
    memory.f64.set(values, at >>> 3);
    return at;
  };
  const zeros = (at: number, count: number): void => {
    memory.f64.fill(0, at >>> 3, (at >>> 3) + count);
  };
  if (transform) {
    const matrix = put(transform);
    const out = memory.allocate(8 * most * r);
    return (x, count) => {
      zeros(out, count * r);
      kernels.multiply(count, r, d, x, d, 1, matrix, r, 1, out, r, 1, 0);
      return out;
    };
  }
  if (lower) {
    const matrix = put(lower);
    const turned = memory.allocate(8 * most * d);
    return (x, count) => {
      const { f64 } = memory;
      const [from, to] = [x >>> 3, turned >>> 3];
      for (let i = 0; i < count; i++) for (let j = 0; j < d; j++) f64[to + j * count + i] = f64[from + i * d + j];
      kernels.solveLower(d, matrix, d, count, turned, count, 0);
      for (let i = 0; i < count; i++) for (let j = 0; j < d; j++) f64[from + i * d + j] = f64[to + j * count + i];
      return x;
    };
  }
  if (lowRank) {
    const rank = lowRank.gains.length;
    const matrix = put(lowRank.vectors);
    const inner = memory.allocate(8 * most * rank);
    return (x, count) => {
      const { f64 } = memory;
      zeros(inner, count * rank);
      kernels.multiply(count, rank, d, x, d, 1, matrix, 1, d, inner, rank, 1, 0);
      for (let i = 0, at = inner >>> 3; i < count; i++) for (let q = 0; q < rank; q++, at++) f64[at] *= lowRank.gains[q];
      for (let j = x >>> 3; j < (x >>> 3) + count * d; j++) f64[j] *= lowRank.rest;
      kernels.multiply(count, d, rank, inner, rank, 1, matrix, d, 1, x, d, 1, 0);
      return x;
    };
  }
  return (x) => x;
}
