import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkCount } from "../core/checks.ts";
import { kindError } from "../core/errors.ts";
import { type Crew, isWorkerMessage, type WorkerLink } from "../core/workplace.ts";
import { untilQuiet } from "./untilQuiet.ts";

export interface ThreadOptions {
  /** Path of the package's `dist/worker.js`, if a bundler has moved it away from this module. */
  readonly workerFile?: URL | string;
}

const threadOptionNames: OptionNames<ThreadOptions> = { workerFile: true };

/** `quiet` is one wait for all threads that end together. */
function threadLink(worker: Worker, quiet: () => Promise<void>): WorkerLink {
  let why: string | null = null;
  let tell = (reason: string): void => {
    why ??= reason;
  };
  // Heard from the start: an error event that nobody hears would end the process.
  worker.on("error", (error) => tell(error.message));
  worker.on("messageerror", () => tell("a message of its could not be read"));
  worker.on("exit", (code) => tell(`it ended with exit code ${code}`));
  return {
    send: (order, transfer) => worker.postMessage(order, transfer),
    listen(heard, lost) {
      worker.on("message", (message: unknown) => {
        if (isWorkerMessage(message)) heard(message);
      });
      tell = lost;
      if (why !== null) lost(why);
    },
    async end() {
      await quiet();
      await worker.terminate();
    },
  };
}

// No pool library: they take stateless tasks, and would load the features anew for a thread that took a failed one's place, where a plan needs threads that each hold a loaded
// score; the messages are those of Web Workers, tested once for both; and the kept pools are ES modules alone, which require() can't take on every Node 20.

/**
 * Runs a plan, or the held-out fits of one probe, on worker threads: `evaluate(features, labels, { on: threads(8) })`,
 * `fitProbeAsync(features, labels, { on: threads(4) })`. The result is the same to the byte as without threads, and this thread stays free. Features, views, base
 * set and pool are copied once into memory that all threads share (or not at all, if they already are in such memory). Each thread keeps one more copy in its
 * kernels' memory. Masks, bases and probes of your own need the URL of their module (`module`), from which each thread imports them.
 *
 * Starting threads takes some tenth of a second. Ending them waits until the process is idle, at most half a second.
 *
 * @param workers - number of threads (default: the machine's processors); never more than there are episodes, or folds, rows or classes to share
 * @param options - workerFile
 * @returns a value for `on`, for any number of calls; threads start when a call needs them and end with it
 * @throws RangeError or TypeError when `workers` is not a whole number of at least 1, or `workerFile` neither a path nor a file's URL
 * @example
 * ```ts no-run: its worker file is there when the package is built
 * import { evaluate, syntheticFeatures } from "softprobe";
 * import { threads } from "softprobe/node";
 *
 * const { features, labels } = syntheticFeatures({ seed: 1 });
 * const { results } = await evaluate(features, labels, { on: threads(2), episodes: 50, masks: ["none", "pair@oracle/top:0.05"] });
 * console.log(results[1].mask, results[1].accuracy > results[0].accuracy + 0.05); // → pair@oracle/top:0.05 true
 * ```
 */
export function threads(workers: number = availableParallelism(), options: ThreadOptions = {}): Crew {
  checkOptions(options, "threads", threadOptionNames);
  const { workerFile } = options;
  const isFile = workerFile instanceof URL ? workerFile.protocol === "file:" : typeof workerFile === "string" && workerFile !== "";
  if (workerFile !== undefined && !isFile) throw kindError("threads", "workerFile", workerFile, "a path or a URL of a file");
  let waiting: Promise<void> | undefined;
  const quiet = (): Promise<void> => {
    waiting ??= untilQuiet().finally(() => {
      waiting = undefined;
    });
    return waiting;
  };
  return {
    workers: checkCount(workers, "threads", "workers"),
    shares: true,
    open() {
      // Flags of the main thread, such as --input-type or --inspect-brk, are not for a worker.
      const settings = { name: "softprobe", execArgv: [] };
      return threadLink(
        workerFile === undefined ? new Worker(new URL("./worker.js", import.meta.url), settings) : new Worker(workerFile, settings),
        quiet,
      );
    },
  };
}
