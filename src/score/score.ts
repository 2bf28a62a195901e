/** Counts episodes by their number, in any order: an evaluation, a curve, whatever else. It knows nothing of threads or files. */
export interface Score {
  /** Numbers an episode counts. */
  readonly width: number;
  /** Queries of episode e; `out` gets `width` counts. */
  count(e: number, out: Int32Array): number;
  /** Gives back what it holds, such as its kernels: it counts no more. */
  end(): void;
}

/** Counts of episodes: `correct` has `width` numbers an episode, `totals` the queries of each. */
export interface Counts {
  readonly correct: Int32Array;
  readonly totals: Int32Array;
}
