import type { CustomMask } from "../../src/plan/given.ts";

/** A mask of one's own in a module of its own, as workers import it. */
const spread: CustomMask = {
  name: "spread",
  module: import.meta.url,
  weights: ({ support }) =>
    Float64Array.from({ length: support.cols }, (_, j) => {
      let sum = 1e-3;
      for (let i = 0; i < support.rows; i++) sum += Math.abs(support.data[i * support.cols + j]);
      return 1 / sum;
    }),
};

export default spread;
