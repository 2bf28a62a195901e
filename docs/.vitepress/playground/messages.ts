import type { Evaluation, MeasuredCurve } from "../../../src/index.ts";
import type { Data } from "./readDropped.ts";
import type { Settings } from "./settings.ts";

/** What the page tells its worker: to run these settings on these data, or, without data, on synthetic ones. */
export interface RunOrder {
  readonly settings: Settings;
  readonly data: Omit<Data, "says"> | null;
}

/** Importance of each dimension in the first episode: by all rows of its classes, and as far as its support tells. */
export interface ImportanceProfile {
  readonly name: string;
  readonly values: Float64Array;
}

/** What the worker tells, as episodes run. */
export type RunReport =
  | { readonly kind: "progress"; readonly done: number; readonly total: number; readonly evaluation: Evaluation }
  | { readonly kind: "curve"; readonly curve: MeasuredCurve }
  | { readonly kind: "profile"; readonly profiles: readonly ImportanceProfile[] }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly message: string };
