import {
  decodeBoolean,
  decodeClasses,
  decodeCount,
  decodeFinite,
  decodeJSON,
  decodeNotNegative,
  decodeNumber,
  decodePositive,
  decodeSize,
  decodeText,
  type FieldsOf,
  headReader,
  orNull,
  recordOf,
} from "./headDecoder.ts";
import { checkRule, type Head, type Probe } from "./probe.ts";
import type { Step } from "./steps.ts";

/** How the fields of each kind of head are read, in the order in which they are written; beside `kind`. */
export const headFields: { readonly [Kind in Head["kind"]]: FieldsOf<Omit<Extract<Head, { kind: Kind }>, "kind">> } = {
  softmax: {
    ...{ classes: decodeClasses, cols: decodeSize, coef: decodeFinite, intercept: decodeFinite },
    ...{ C: decodePositive, nIter: decodeCount, converged: decodeBoolean, gradientNorm: decodeNotNegative, objective: decodeNumber },
  },
  linear: { classes: decodeClasses, cols: decodeSize, coef: decodeFinite, intercept: decodeFinite },
  centroid: { classes: decodeClasses, cols: decodeSize, centroids: decodeFinite },
  cosine: { classes: decodeClasses, cols: decodeSize, directions: decodeFinite },
  plda: { classes: decodeClasses, cols: decodeSize, means: decodeFinite, variances: decodeFinite },
};

/** The same of each kind of step but `parts`, whose steps depend on the columns that come to it. */
export const stepFields: {
  readonly [Kind in Exclude<Step["kind"], "parts">]: FieldsOf<Omit<Extract<Step, { kind: Kind }>, "kind">>;
} = {
  l2: { weights: /* @__PURE__ */ orNull(decodeFinite) },
  power: { exponent: decodeNumber },
  simple: {},
  centre: { mean: decodeFinite },
  mask: { weights: decodeFinite },
  transform: { dimensions: decodeSize, matrix: decodeFinite },
  solve: { lower: decodeFinite },
  lowRank: { vectors: decodeFinite, gains: decodeFinite, rest: decodeNumber },
  split: { vectors: decodeFinite },
};

/** The same of a probe, beside what depends on its columns. */
export const probeFields: Pick<FieldsOf<Probe>, "temperature" | "rejection" | "provenance"> = {
  temperature: decodePositive,
  rejection: /* @__PURE__ */ orNull(
    /* @__PURE__ */ recordOf({ by: (value, path) => checkRule(value, headReader, path), threshold: decodeNumber }),
  ),
  provenance: /* @__PURE__ */ orNull(
    /* @__PURE__ */ recordOf({ version: decodeText, options: decodeJSON, digest: /* @__PURE__ */ orNull(decodeText) }),
  ),
};
