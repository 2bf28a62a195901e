import { describe, kindError, valueError } from "../core/errors.ts";
import type { ClassName } from "../core/labels.ts";
import type { CentroidHead, CosineHead } from "./fitCentroid.ts";
import type { PldaHead } from "./fitPlda.ts";
import type { SoftmaxHead } from "./fitSoftmax.ts";
import type { Step } from "./steps.ts";

/** A linear head from another program or from `foldHead`: logits are coef · x + intercept. */
export interface LinearHead<Label extends ClassName = ClassName> {
  readonly kind: "linear";
  readonly classes: readonly Label[];
  readonly cols: number;
  /** k × d. */
  readonly coef: Float64Array;
  /** k. */
  readonly intercept: Float64Array;
}

/** Any trained head of this library. It scores rows that are prepared like those it was trained on: already masked and normalised. */
export type Head<Label extends ClassName = ClassName> =
  | SoftmaxHead<Label>
  | LinearHead<Label>
  | CentroidHead<Label>
  | CosineHead<Label>
  | PldaHead<Label>;

/** When a probe declines to answer: if the `rejectionScore` of its head's scores is above the threshold, which `rejectionThreshold` chooses. */
export interface Rejection {
  readonly by: "probability" | "margin" | "score";
  readonly threshold: number;
}

/** Checks what a rejection goes by. */
export function checkRule(value: unknown, caller: string, argument: string): Rejection["by"] {
  if (value !== "probability" && value !== "margin" && value !== "score")
    throw valueError(caller, argument, `is ${describe(value)}`, "probability, margin or score");
  return value;
}

/** Checks what should be a rejection or null. */
export function checkRejection(value: unknown, caller: string): Rejection | null {
  if (value === null) return null;
  if (typeof value !== "object") throw kindError(caller, "rejection", value, "an object or null");
  const { by, threshold } = value as Readonly<Record<string, unknown>>;
  const rule = checkRule(by, caller, "rejection.by");
  if (typeof threshold !== "number" || !Number.isFinite(threshold))
    throw valueError(caller, "rejection.threshold", `is ${describe(threshold)}`, "a finite number");
  return { by: rule, threshold };
}

/** How a probe was made. */
export interface Provenance {
  /** The version of softprobe that trained it. */
  readonly version: string;
  /** What it was trained with: plain JSON. */
  readonly options: Readonly<Record<string, unknown>>;
  /** SHA-256 (hexadecimal) of the features and labels that it was trained on; null if unknown. */
  readonly digest: string | null;
}

/**
 * A whole trained classifier of raw features, as `fitProbe` makes it: steps followed by a head. A plain record of numbers and typed
 * arrays.
 */
export interface Probe<Label extends ClassName = ClassName> {
  readonly kind: "probe";
  /** d: columns of the raw features. */
  readonly cols: number;
  /** d: their names, if the training features had names. Columns of features to predict are then reordered by name. */
  readonly columns?: readonly string[];
  /** Normalisation, basis and mask, in the order in which they are applied. */
  readonly steps: readonly Step[];
  readonly head: Head<Label>;
  /** Logits are divided by it, > 0; 1 changes nothing. */
  readonly temperature: number;
  /** null: every row gets an answer. */
  readonly rejection: Rejection | null;
  readonly provenance: Provenance | null;
}

/** Refuses what is neither a head nor a probe. */
export function checkHead(head: Head | Probe, caller: string): void {
  if (typeof head?.kind === "string" && (head.kind !== "probe" || head.head)) return;
  throw kindError(caller, "head", head, "a head or a probe; for a state, incrementalClassify");
}

/** The classes of a head or a probe, in the order of their probabilities. */
export function classesOf<Label extends ClassName>(head: Head<Label> | Probe<Label>): readonly Label[] {
  return head.kind === "probe" ? head.head.classes : head.classes;
}
