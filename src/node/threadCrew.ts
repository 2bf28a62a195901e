import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { OptionNames } from "../core/checkOptions.ts";
import { checkCount } from "../core/checks.ts";
import type { Crew } from "../run/countByCrew.ts";
import { isReport, type WorkerLink } from "../run/workerMessages.ts";
import { untilQuiet } from "./untilQuiet.ts";

export interface WorkerThreadOptions {
  /** How many threads (default: as many as the machine runs at once); no more than there are episodes. */
  readonly workers?: number;
  /** Where a bundler has put the package's `dist/worker.js`, should it no longer lie beside this module. */
  readonly workerFile?: URL | string;
}

export const workerThreadOptionNames: OptionNames<WorkerThreadOptions> = { workers: true, workerFile: true };

/** `quiet` is one wait for all threads of a run. */
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
        if (isReport(message)) heard(message);
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

/**
 * Threads of node:worker_threads. No pool library: they take stateless tasks, and would load the features anew for a thread that took a failed
 * one's place, where a run needs threads that each hold a loaded runner; the messages are those of Web Workers, tested once for both; and the kept
 * pools are ES modules alone, which require() can't take on every Node 20.
 */
export function threadCrew(caller: string, { workers, workerFile }: WorkerThreadOptions): Crew {
  let waiting: Promise<void> | undefined;
  const quiet = (): Promise<void> => {
    waiting ??= untilQuiet();
    return waiting;
  };
  return {
    caller,
    workers: checkCount(workers ?? availableParallelism(), caller, "workers"),
    shares: true,
    open() {
      // Flags of the main thread, such as --input-type or --inspect-brk, are not for a worker.
      const options = { name: "softprobe", execArgv: [] };
      return threadLink(workerFile ? new Worker(workerFile, options) : new Worker(new URL("./worker.js", import.meta.url), options), quiet);
    },
  };
}
