import type { ClassName } from "../core/labels.ts";
import type { PenaltyChoice } from "../heldout/choosePenalty.ts";
import type { PenaltySource } from "../pipeline/choosePipelinePenalty.ts";
import type { Confusion } from "../statistics/worstPairs.ts";

/** The probe at one number of training rows a class. */
export interface LearningPoint {
  readonly shots: number | "all";
  /** Training rows in all. */
  readonly rows: number;
  readonly draws: number;
  /** Mean over draws, and its 95 % interval (Student t over draws; at one draw, of the one accuracy over test rows). */
  readonly accuracy: number;
  readonly ci: readonly [number, number];
  readonly logLoss: number;
  readonly expectedCalibrationError: number;
  /** What each draw gave. */
  readonly perDraw: readonly { readonly C: number; readonly accuracy: number; readonly logLoss: number }[];
}

/** The result of `linearProbe`: a plain JSON document, but for class names that are bigints. */
export interface LinearProbeResult {
  readonly schema: "softprobe/probe@1";
  readonly version: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly trainRows: number;
  readonly testRows: number;
  readonly C: number;
  /** How C came about: given, chosen by held-out training rows or by the evidence of `tuned`, or the fixed value for one row a class. */
  readonly chosenBy: PenaltySource;
  readonly penalty: PenaltyChoice | null;
  /** Whether the fit reached its tolerance; null for probes that are not fitted step by step. */
  readonly converged: boolean | null;
  /** Share of test rows predicted right, 0 … 1, and its 95 % interval (Wilson's, over test rows). */
  readonly accuracy: number;
  readonly ci: readonly [number, number];
  /** Mean over classes of their own accuracy. */
  readonly balancedAccuracy: number;
  readonly macroF1: number;
  /** Mean −ln p(own class). */
  readonly logLoss: number;
  /** Over 15 bins of confidence. */
  readonly expectedCalibrationError: number;
  /** k × k, row-major: `counts[a * k + p]` test rows of class a were predicted to be p. */
  readonly confusion: { readonly classes: readonly ClassName[]; readonly counts: readonly number[] };
  /** Pairs of classes that are confused, most rows first: at most ten. */
  readonly worstPairs: readonly Confusion[];
  readonly curve: readonly LearningPoint[];
}
