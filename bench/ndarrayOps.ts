import type { NdArray } from "ndarray";
import untyped from "ndarray-ops";

type Values = NdArray<Float64Array> | NdArray<Float32Array>;

/** Those of ndarray-ops' functions that the benches use; the package ships no types. */
export const ops = untyped as unknown as {
  assign(out: Values, x: Values): void;
  mul(out: Values, x: Values, y: Values): void;
  divseq(out: Values, scalar: number): void;
  norm2(x: Values): number;
};
