import { type Counting, countedSoFar, nextPending } from "./counting.ts";
import type { ProgressOptions } from "./slices.ts";
import type { WorkerLink } from "./workerMessages.ts";

/** Milliseconds of work that a worker is given at a time. */
const chunkMilliseconds = 25;
/** Chunks that a worker has at once: it starts on the second while the first is under way back. */
const ahead = 2;

/** A worker that is silent for so long from the start has a file that does not call `serveEvaluation`. */
const patienceMilliseconds = 60_000;

interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * Hands out the episodes still to be counted to loaded workers in small chunks, whoever is done first, and puts the counts together by episode:
 * the same whatever the number of workers. The first failing episode's error is the run's, as in one thread.
 */
export function gatherCounts(
  links: readonly WorkerLink[],
  task: { readonly caller: string; readonly counting: Counting } & ProgressOptions,
): Promise<void> {
  const { caller, counting, onProgress, signal } = task;
  const { from: start, to: stop, width } = counting;
  const { correct, totals } = counting.counts;
  const open: Range[][] = links.map(() => []);
  const sizes = links.map(() => 1);
  const episodes = stop - start;
  let next = start;
  let done = countedSoFar(counting);
  let left = episodes - done;
  /** Where the first failing chunk so far begins, and why it failed. */
  let end = stop;
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
      while (open[w].length < ahead && next < end) {
        // Towards the end chunks get smaller, so that all finish together.
        const range = nextPending(counting, next, Math.min(sizes[w], Math.ceil(left / (ahead * links.length))));
        if (range === null) return;
        next = range.to;
        left -= range.to - range.from;
        open[w].push(range);
        links[w].send({ softprobe: "count", ...range }, []);
      }
    };
    const settle = (): void => {
      if (failure && !open.some((ranges) => ranges.some(({ from }) => from < end))) reject(failure);
      else if (done === episodes) resolve();
    };
    const lose = (w: number, why: string): void => {
      const owed = open[w].length > 0 ? `to count episodes ${open[w][0].from}…${open[w][open[w].length - 1].to - 1}` : "to stay";
      reject(new Error(`${caller}: worker ${w} of ${links.length} was lost (${why}), expected it ${owed}`));
    };
    timer = setTimeout(() => {
      for (const w of silent) lose(w, "it never answered: does its file call serveEvaluation?");
    }, patienceMilliseconds);
    links.forEach((link, w) => {
      link.listen(
        (report) => {
          silent.delete(w);
          if (over || report.softprobe === "ready") return;
          if (report.softprobe === "failed") {
            if (report.from === null) return reject(report.error);
            if (report.from < end) {
              end = report.from;
              failure = report.error;
            }
            open[w].shift();
          } else {
            const { from, counts, milliseconds } = report;
            const count = counts.totals.length;
            open[w].shift();
            correct.set(counts.correct, (from - start) * width);
            totals.set(counts.totals, from - start);
            done += count;
            sizes[w] = Math.max(1, Math.min(2 * count, Math.round((count * chunkMilliseconds) / Math.max(milliseconds, 0.01))));
            try {
              counting.onCounted?.(from, counts);
              onProgress?.({ done, total: episodes });
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
