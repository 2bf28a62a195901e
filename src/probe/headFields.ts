import type { Head, Provenance, Rejection } from "./probe.ts";
import type { Step } from "./steps.ts";

/**
 * What a field of a document holds: `doubles` are base64 of little-endian doubles, row-major, `parts` lists of steps with a name and a weight each, `rule` what a rejection goes
 * by; the rest is plain JSON, of any kind where it is an `object`.
 */
export type Field =
  | "doubles"
  | "doubles or null"
  | "number"
  | "positive"
  | "not negative"
  | "count"
  | "size"
  | "boolean"
  | "classes"
  | "text"
  | "text or null"
  | "object"
  | "rule"
  | "parts";

/** Fields of each kind of head, beside `kind`. */
export const headFields: {
  readonly [Kind in Head["kind"]]: Readonly<Record<Exclude<keyof Extract<Head, { kind: Kind }>, "kind">, Field>>;
} = {
  softmax: {
    ...{ classes: "classes", cols: "size", coef: "doubles", intercept: "doubles" },
    ...{ C: "positive", nIter: "count", converged: "boolean", gradientNorm: "not negative", objective: "number" },
  },
  linear: { classes: "classes", cols: "size", coef: "doubles", intercept: "doubles" },
  centroid: { classes: "classes", cols: "size", centroids: "doubles" },
  cosine: { classes: "classes", cols: "size", directions: "doubles" },
  plda: { classes: "classes", cols: "size", means: "doubles", variances: "doubles" },
};

/** Fields of each kind of step, beside `kind`. */
export const stepFields: {
  readonly [Kind in Step["kind"]]: Readonly<Record<Exclude<keyof Extract<Step, { kind: Kind }>, "kind">, Field>>;
} = {
  l2: { weights: "doubles or null" },
  power: { exponent: "number" },
  simple: {},
  centre: { mean: "doubles" },
  mask: { weights: "doubles" },
  transform: { dimensions: "size", matrix: "doubles" },
  solve: { lower: "doubles" },
  lowRank: { vectors: "doubles", gains: "doubles", rest: "number" },
  split: { vectors: "doubles" },
  parts: { parts: "parts" },
};

/** Fields of a probe's rejection and of its provenance, where they are not null. */
export const rejectionFields: Readonly<Record<keyof Rejection, Field>> = { by: "rule", threshold: "number" };
export const provenanceFields: Readonly<Record<keyof Provenance, Field>> = { version: "text", options: "object", digest: "text or null" };
