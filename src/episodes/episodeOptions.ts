import type { ClassName } from "../core/labels.ts";
import type { As, OptionTable } from "../core/option.ts";

/** Options of the episodes themselves; how to add one stands in src/plan/optionTable.ts. */
export const episodeOptions = {
  /** Classes an episode (default 5), at least 2. */
  ways: { kind: "integer", least: 2, default: 5, says: "Classes in an episode." },
  /** Support rows a class (default 1), or one number a way for long-tailed episodes. */
  shots: {
    kind: "integer",
    least: 1,
    many: true,
    alone: true,
    default: 1,
    of: undefined as As<number | readonly number[]>,
    says: "Support (training) rows of each class; unequal ones as one number a class, such as 1,1,2,5,20.",
  },
  /** Query rows a class (default 15), one number a way, or `"all"` rows that are left. */
  queries: {
    kind: "integer",
    least: 1,
    default: 15,
    words: { all: "all" },
    of: undefined as As<number | readonly number[] | "all">,
    study: true,
    says: "Query (test) rows of each class, or all that are left.",
  },
  /** Whole number (default 0). */
  seed: { kind: "integer", least: 0, default: 0, study: true, says: "Seed of all random draws: equal seeds give equal results." },
  /** Draw from these classes only; as many as `ways` are used in this very order in every episode. */
  classes: { kind: "data", flag: null, of: undefined as As<readonly ClassName[]>, says: "Draw from these classes only." },
  /**
   * m (default 1): episodes t·m … t·m + m − 1 share their classes, those of episode t·m, and each draws rows of its own, so that the variance over tasks
   * and that over draws within a task can be told apart.
   */
  drawsPerTask: {
    kind: "integer",
    least: 1,
    default: 1,
    study: true,
    says: "Consecutive episodes that share their classes; intervals are then over tasks.",
  },
} as const satisfies OptionTable;
