/** Processor seconds a unit of work: the least and the median over rounds. */
export interface Spread {
  readonly min: number;
  readonly median: number;
}

/** What a measure is meant to reach: ratios as in the table. */
interface Target {
  readonly must: number;
  readonly moonshot: number;
}

/** One row of the table: ours beside a peer's, measured in turn in the same run. */
export interface Result {
  readonly name: string;
  readonly case: string;
  readonly ours: Spread;
  readonly peer: string;
  readonly theirs: Spread;
  /** theirs / ours: above 1, ours is faster (or smaller). */
  readonly ratio: Spread;
  /** Of `ours` and `theirs`. */
  readonly unit: string;
  readonly target?: Target;
  readonly note?: string;
}

/** One of the things that take turns: `run` does a round and gives its processor seconds a unit of work. */
export interface Side {
  readonly label: string;
  run(): number | Promise<number>;
}

/** Seconds by the monotonic clock. */
export const seconds = (): number => performance.now() / 1000;

/**
 * Seconds of processor time that this process has used, its compiler's and garbage collector's threads included. On an idle machine one thread's
 * work takes as long by the clock; on a busy one only this can be compared. The peers count the same way.
 */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function spreadOf(times: readonly number[]): Spread {
  const sorted = [...times].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return { min: sorted[0], median: sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2 };
}

/** A side that repeats `work` (of `units` units) until a round lasts `least` seconds, so that the clock's grain and a cold cache don't count. */
export function repeated(label: string, units: number, work: () => void, least = 0.02): Side {
  return {
    label,
    run() {
      const start = cpuSeconds();
      const end = seconds() + least;
      let count = 0;
      do {
        work();
        count++;
      } while (seconds() < end);
      return (cpuSeconds() - start) / (count * units);
    },
  };
}

/**
 * Times sides in turn, A B A B …, every other round in reverse, so that whatever else the machine does falls on all alike. A side first warms
 * up: V8 runs a new function, WebAssembly too, at a fraction of its speed.
 *
 * @param budget - seconds to spend, and the fewest rounds whatever they take
 */
export async function interleave(
  sides: readonly Side[],
  budget: { readonly seconds: number; readonly rounds?: number; readonly warmUp?: number },
): Promise<readonly Spread[]> {
  const { rounds = 5, warmUp = 0.25 } = budget;
  for (const side of sides) {
    const start = seconds();
    do await side.run();
    while (seconds() - start < warmUp);
  }
  const times = sides.map((): number[] => []);
  const end = seconds() + budget.seconds;
  for (let round = 0; round < rounds || seconds() < end; round++) {
    const order = sides.map((_, s) => (round % 2 ? sides.length - 1 - s : s));
    for (const s of order) times[s].push(await sides[s].run());
  }
  return times.map(spreadOf);
}

/** The row that pairs two spreads. */
export function pair(
  row: {
    readonly name: string;
    readonly case: string;
    readonly unit?: string;
    readonly target?: readonly [number, number];
    readonly note?: string;
  },
  ours: Spread,
  peer: string,
  theirs: Spread,
): Result {
  const { target, note, unit = "seconds an episode" } = row;
  return {
    name: row.name,
    case: row.case,
    ours,
    peer,
    theirs,
    ratio: { min: theirs.min / ours.min, median: theirs.median / ours.median },
    unit,
    ...(target ? { target: { must: target[0], moonshot: target[1] } } : {}),
    ...(note ? { note } : {}),
  };
}
