import { shortScale, whole } from "./jsShorts.ts";
import type { KernelMemory } from "./kernels.ts";
import { lineStride, type PrimalKernels } from "./primalRecord.ts";

/** Models of classes in TypeScript: the twins of primal.c, to the bit. Sums of integers are exact in any order. */
export function jsModels(memory: KernelMemory): Pick<PrimalKernels, "model" | "deflate"> {
  return {
    model({ rows, stride, factor, from, v, units }) {
      const { f64, i16 } = memory;
      const wide = lineStride(stride);
      const row = new Float64Array(stride);
      for (let i = 0, at = from >>> 3, to = v >>> 1; i < rows; i++, at += stride, to += wide) {
        for (let j = 0; j < stride; j++) row[j] = factor * f64[at + j];
        const scale = shortScale(row, stride);
        for (let j = 0; j < stride; j++) i16[to + j] = whole(row[j] * scale);
        i16.fill(0, to + stride, to + wide);
        f64[(units >>> 3) + i] = scale > 0 ? 1 / scale : 0;
      }
    },

    deflate({ k, m, stride, v, units, from, to }) {
      const { f64, i16 } = memory;
      const wide = lineStride(stride);
      const [row, x, share, sum] = [new Float64Array(stride), new Int16Array(stride), new Float64Array(m), new Float64Array(stride)];
      for (let c = 0; c < k; c++) {
        const [own, out, rows, worth] = [
          (from >>> 3) + c * stride,
          (to >>> 3) + c * stride,
          (v >>> 1) + c * m * wide,
          (units >>> 3) + c * m,
        ];
        let most = 0;
        for (let j = 0; j < stride; j++) most = Math.max(most, Math.abs(f64[own + j]));
        const size = most > 1e-290 ? most : 1;
        const over = 1 / size;
        for (let j = 0; j < stride; j++) row[j] = over * f64[own + j];
        const scale = shortScale(row, stride);
        const unit = scale > 0 ? 1 / scale : 0;
        for (let j = 0; j < stride; j++) x[j] = whole(row[j] * scale);
        let [longest, total] = [0, 0];
        for (let i = 0, at = rows; i < m; i++, at += wide) {
          let product = 0;
          for (let j = 0; j < stride; j++) product += x[j] * i16[at + j];
          share[i] = product * unit * (f64[worth + i] * f64[worth + i]);
          total += Math.abs(share[i]);
          longest = Math.max(longest, Math.abs(share[i]));
        }
        const by = total > 1e-290 ? Math.min(65_000 / total, 32_700 / longest) : 0;
        const back = by > 0 ? size / by : 0;
        sum.fill(0);
        for (let i = 0, at = rows; i < m; i++, at += wide) {
          const count = whole(share[i] * by);
          for (let j = 0; j < stride; j++) sum[j] += count * i16[at + j];
        }
        for (let j = 0; j < stride; j++) f64[out + j] = f64[own + j] - back * sum[j];
      }
    },
  };
}
