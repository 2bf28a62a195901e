import { neverAnswered, patienceMilliseconds, type WorkerLink } from "../core/workplace.ts";
import type { Counts } from "../score/score.ts";
import type { ProgressOptions } from "./slices.ts";
import { countedSoFar, nextPending, type Tally } from "./tally.ts";
import type { CountReport, WorkerOrder } from "./workerMessages.ts";

/** Milliseconds of work that a worker is given at a time. */
const chunkMilliseconds = 25;
/** Chunks that a worker has at once: it starts on the second while the first is under way back. */
const ahead = 2;

interface Range {
  readonly job: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Hands out the episodes still to be counted to loaded workers in small chunks, whoever is done first, and puts the counts together by episode:
 * the same whatever the number of workers. A worker goes on to the next job when nothing of this one is left to hand out. The first failing episode's
 * error is the run's, as in one thread.
 */
export function gatherCounts(
  links: readonly WorkerLink[],
  tallies: readonly Tally[],
  options: { readonly caller: string; readonly onCounted: (job: number, from: number, counts: Counts) => void } & ProgressOptions,
): Promise<void> {
  const { caller, onCounted, onProgress, signal } = options;
  const open: Range[][] = links.map(() => []);
  const sizes = links.map(() => 1);
  const episodes = tallies.reduce((sum, { from, to }) => sum + to - from, 0);
  /** The next episode that may still be to be handed out. */
  let next = { job: 0, from: tallies[0].from };
  let done = tallies.reduce((sum, tally) => sum + countedSoFar(tally), 0);
  let left = episodes - done;
  /** Where the first failing chunk so far begins, and why it failed. */
  let end = { job: tallies.length, from: 0 };
  const before = (a: { readonly job: number; readonly from: number }, b: typeof next): boolean =>
    a.job < b.job || (a.job === b.job && a.from < b.from);
  let failure: Error | null = null;
  let over = false;
  let abort = (): void => {};
  const silent = new Set(links.keys());
  let timer: ReturnType<typeof setTimeout> | undefined;

  return new Promise<void>((resolve, refuse) => {
    const reject = (reason: unknown): void => {
      over = true;
      refuse(reason);
    };
    abort = () => reject(signal?.reason);
    if (signal?.aborted) return abort();
    signal?.addEventListener("abort", abort);

    const hand = (w: number): void => {
      while (open[w].length < ahead && before(next, end)) {
        // Towards the end chunks get smaller, so that all finish together.
        const most = Math.min(sizes[w], Math.ceil(left / (ahead * links.length)));
        const stretch = nextPending(tallies[next.job], next.from, most);
        if (stretch === null) {
          next = { job: next.job + 1, from: tallies[next.job + 1]?.from ?? 0 };
          continue;
        }
        const range = { job: next.job, ...stretch };
        next = { job: next.job, from: range.to };
        left -= range.to - range.from;
        open[w].push(range);
        const order: WorkerOrder = { softprobe: "count", ...range };
        links[w].send(order, []);
      }
    };
    const settle = (): void => {
      if (failure && !open.some((ranges) => ranges.some((range) => before(range, end)))) reject(failure);
      else if (done === episodes) resolve();
    };
    const lose = (w: number, why: string): void => {
      const owed = open[w].length > 0 ? `to count episodes ${open[w][0].from}…${open[w][open[w].length - 1].to - 1}` : "to stay";
      reject(new Error(`${caller}: worker ${w} of ${links.length} was lost (${why}), expected it ${owed}`));
    };
    timer = setTimeout(() => {
      for (const w of silent) lose(w, neverAnswered);
    }, patienceMilliseconds);
    links.forEach((link, w) => {
      link.listen(
        (message) => {
          const report = message as CountReport;
          silent.delete(w);
          if (over || report.softprobe === "ready") return;
          if (report.softprobe === "failed") {
            if (report.from === null) return reject(report.error);
            const range = open[w].shift()!;
            if (before(range, end)) {
              end = range;
              failure = report.error;
            }
          } else {
            const { from, counts, milliseconds } = report;
            const count = counts.totals.length;
            const { job } = open[w].shift()!;
            const { from: start, width, counts: whole } = tallies[job];
            whole.correct.set(counts.correct, (from - start) * width);
            whole.totals.set(counts.totals, from - start);
            done += count;
            sizes[w] = Math.max(1, Math.min(2 * count, Math.round((count * chunkMilliseconds) / Math.max(milliseconds, 0.01))));
            try {
              onCounted(job, from, counts);
              Promise.resolve(onProgress?.({ done, total: episodes })).catch(reject);
            } catch (error) {
              return reject(error);
            }
          }
          hand(w);
          settle();
        },
        (why) => lose(w, why),
      );
    });
    for (let w = 0; w < links.length; w++) hand(w);
    settle();
  }).finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  });
}
