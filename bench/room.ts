import type { Result } from "./measure.ts";
import type { Python } from "./python.ts";

/** What a bench may use. */
export interface Bench {
  /** A glance instead of a measurement: short budgets, small inputs. */
  readonly quick: boolean;
  /** Debian's Python with scikit-learn, or null where there is none. */
  readonly python: Python | null;
  /** A scratch folder. */
  readonly folder: string;
  /** Whether a result of this name was asked for. */
  wants(name: string): boolean;
  /** Progress, for people. */
  say(text: string): void;
}

/** A hot room's measures. */
export interface Room {
  /** The names that its results can have. */
  readonly names: readonly string[];
  run(bench: Bench): Promise<readonly Result[]>;
}
