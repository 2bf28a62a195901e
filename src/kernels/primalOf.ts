import { createJsPrimal } from "./jsPrimal.ts";
import type { KernelMemory, Kernels } from "./kernels.ts";
import type { PrimalExports, PrimalKernels, PrimalRecord } from "./primalRecord.ts";

function wasmPrimal(memory: KernelMemory, exports: PrimalExports): PrimalKernels {
  const record = memory.allocate(88);
  const write = (t: PrimalRecord): number => {
    const { i32, f64 } = memory;
    const at = record >>> 2;
    i32[at] = Number(t.single);
    i32[at + 1] = t.stride;
    i32[at + 2] = t.count;
    i32[at + 3] = t.k;
    i32[at + 4] = t.kp;
    i32[at + 5] = Number(t.rough);
    i32[at + 6] = t.x;
    i32[at + 7] = t.rows;
    i32[at + 8] = t.mean;
    i32[at + 9] = t.weight;
    i32[at + 10] = t.y;
    i32[at + 11] = t.p;
    i32[at + 12] = t.u;
    i32[at + 13] = t.ud;
    i32[at + 14] = t.work;
    i32[at + 15] = t.shorts ?? 0;
    i32[at + 16] = t.units ?? 0;
    i32[at + 17] = t.scales ?? 0;
    f64[(record >>> 3) + 9] = t.xScale;
    f64[(record >>> 3) + 10] = t.rScale;
    return record;
  };
  return {
    curve(t, { v, vb, vScale, alpha, out, sums }) {
      exports.primalCurve(write(t), v, vb, vScale, alpha ?? 0, Number(alpha === null), out, sums);
    },
    shorten: (t, { rows, row }) => exports.primalShorten(write(t), rows, row),
    slope(t, { w, b, wScale, old, step, alpha, z, gap, others, out, sums, info }) {
      exports.primalSlope(write(t), w, b, wScale, old, step, alpha, z, gap, others, out, sums, info);
    },
    model: ({ rows, stride, factor, from, row, v, units }) => exports.primalModel(rows, stride, factor, from, row, v, units),
    deflate: ({ k, m, stride, v, units, from, to, work }) => exports.primalDeflate(k, m, stride, v, units, from, to, work),
    dot: (size, a, b) => exports.primalDot(size, a, b),
    add: (size, factor, from, to) => exports.primalAdd(size, factor, from, to),
    turn: (size, factor, from, to) => exports.primalTurn(size, factor, from, to),
    farthest: (t, alpha) => exports.primalFarthest(write(t), alpha),
    along: (t, { z, step, alpha }) => exports.primalAlong(write(t), z, step, alpha),
    rows(t, { from, count, factor, out }) {
      exports.primalRows(write(t), from, count, factor, out);
    },
  };
}

/** The passes that go with these kernels. */
export function primalOf({ primal, memory }: Kernels): PrimalKernels {
  return primal ? wasmPrimal(memory, primal) : createJsPrimal(memory);
}
