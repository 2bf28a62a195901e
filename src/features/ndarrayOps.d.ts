/** The one operation of ndarray-ops that we call; the package has no types of its own. */
declare module "ndarray-ops" {
  import type { NdArray } from "ndarray";

  const ops: { muleq(target: NdArray, factor: NdArray): boolean };
  export default ops;
}
