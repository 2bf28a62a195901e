import { choleskyOf } from "../kernels/choleskyOf.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { deflateWork, lineStride, type PrimalKernels, type PrimalRecord } from "../kernels/primalRecord.ts";

/**
 * Models of the Hessian, one a class: I + Uᵀ U, where U holds the rows of the class's largest weight · p(1 − p), each times the root of that. With few rows a class
 * these are its own rows and those that are taken for it, which make the class's block stiff.
 */
export interface PrimalBlocks {
  /** What `build` costs, in passes over the rows. */
  cost(record: PrimalRecord, rows: number): number;
  /** Makes the models of so many rows a class, a multiple of 4; returns whether they are sound. */
  build(record: PrimalRecord, rows: number): Generator<void, boolean, void>;
  /** k rows of `stride` doubles (addresses) become their solutions. */
  solve(from: number, to: number): void;
}

/** The speed of a build as a share of that of a pass. */
const relativeSpeed = 0.3;
/** Up to such a trace a model is made. */
const stiffest = 1e5;
/** What the rows of a model are multiplied with, so that what integers of 16 bits lose does not make it indefinite: eigenvalues from 1 / 1000 on are told from 0. */
const withheld = Math.sqrt(1 - 2 ** -10);

/** The value that so many others exceed or equal, by Hoare's selection; changes the order of the values. */
function largestBut(rank: number, values: Float64Array): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = values[(low + high) >> 1];
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[i] > pivot) i++;
      while (values[j] < pivot) j--;
      if (i > j) break;
      const kept = values[i];
      values[i++] = values[j];
      values[j--] = kept;
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else break;
  }
  return values[rank];
}

export function primalBlocks(
  kernels: Kernels,
  primal: PrimalKernels,
  { k, stride, most }: { readonly k: number; readonly stride: number; readonly most: number },
): PrimalBlocks {
  const { memory } = kernels;
  const cholesky = choleskyOf(kernels);
  let [rows, units, list, factors, taken, gram, info, work] = [0, 0, 0, 0, 0, 0, 0, 0];
  let m = 0;

  /** The positions of the m largest values, in order of position. */
  const heaviest = (values: Float64Array): number[] => {
    const bar = largestBut(m - 1, values.slice());
    let ties = m;
    for (const value of values) if (value > bar) ties--;
    const found: number[] = [];
    for (let i = 0; i < values.length; i++) if (values[i] > bar || (values[i] === bar && ties-- > 0)) found.push(i);
    return found;
  };

  return {
    cost: (record, asked) => (3 * asked * asked * stride * k) / relativeSpeed / (4 * record.count * stride * k),

    *build(record, asked) {
      if (rows === 0) {
        rows = memory.allocate(2 * k * most * lineStride(stride));
        units = memory.allocate(8 * k * most);
        list = memory.allocate(4 * most);
        factors = memory.allocate(8 * most);
        taken = memory.allocate(8 * most * stride);
        gram = memory.allocate(8 * most * most);
        info = memory.allocate(8);
        work = memory.allocate(deflateWork(stride, most));
      }
      m = asked;
      const { f64, f32, i32 } = memory;
      const { count, kp } = record;
      const values = new Float64Array(count);
      for (let c = 0; c < k; c++) {
        for (let i = 0; i < count; i++) {
          const p = f32[(record.p >>> 2) + i * kp + c];
          values[i] = f64[(record.weight >>> 3) + i] * p * (1 - p);
        }
        heaviest(values).forEach((i, at) => {
          i32[(list >>> 2) + at] = record.rows ? i32[(record.rows >>> 2) + i] : i;
          f64[(factors >>> 3) + at] = Math.sqrt(values[i]);
        });
        primal.rows({ ...record, rows: list }, { from: 0, count: m, factor: factors, out: taken });
        kernels.gram(taken, stride, m, stride, gram, 0);
        let trace = 0;
        for (let i = 0, at = gram >>> 3; i < m; i++, at += m + 1) {
          trace += f64[at];
          f64[at]++;
        }
        cholesky(m, gram, m, info);
        if (!(trace < stiffest) || f64[info >>> 3] !== 0) return false;
        kernels.solveLower(m, gram, m, stride, taken, stride, 0);
        primal.model({
          ...{ rows: m, stride, factor: withheld, from: taken, row: work },
          ...{ v: rows + 2 * c * m * lineStride(stride), units: units + 8 * c * m },
        });
        yield;
      }
      return true;
    },

    solve(from, to) {
      primal.deflate({ k, m, stride, v: rows, units, from, to, work });
    },
  };
}
