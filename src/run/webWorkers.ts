import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkCount } from "../core/checks.ts";
import { kindError } from "../core/errors.ts";
import { type Crew, isWorkerMessage, type WorkerLink } from "../core/workplace.ts";

/** The part of a Web Worker that is used. */
export interface WebWorker {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: "message" | "messageerror" | "error", listener: (event: Event) => void): void;
  terminate(): unknown;
}

export interface WebWorkerOptions {
  /** Makes one worker, whose file calls `serveWorker(self)`; it is terminated when the run ends. */
  readonly createWorker: () => WebWorker;
  /** Number of workers (default: the number of threads that the browser reports); never more than there are episodes, or folds, rows or classes to share. */
  readonly workers?: number;
}

const webWorkerOptionNames: OptionNames<WebWorkerOptions> = { createWorker: true, workers: true };

function webLink(worker: WebWorker): WorkerLink {
  return {
    send: (order, transfer) => worker.postMessage(order, [...transfer]),
    listen(heard, lost) {
      worker.addEventListener("message", (event) => {
        const { data } = event as MessageEvent<unknown>;
        if (isWorkerMessage(data)) heard(data);
      });
      worker.addEventListener("messageerror", () => lost("a message of its could not be read"));
      worker.addEventListener("error", (event) => lost((event as ErrorEvent).message || "its file could not be loaded"));
    },
    end: () => worker.terminate(),
  };
}

/**
 * Runs a plan, or the held-out fits of one probe, on Web Workers: `evaluate(features, labels, { on: webWorkers({ createWorker }) })`, and likewise `fitProbeAsync`. Features,
 * views, base set and pool are shared by all workers if the page is cross-origin isolated, else copied to each. Each worker keeps one
 * more copy in its kernels' memory. Masks, bases and probes of your own need the URL of their module (`module`), from which each worker
 * imports them. Features that are read row by row cannot be sent to workers and are refused.
 *
 * @param options - createWorker, workers. The worker's file is one line, `serveWorker(self)`, of the same version of softprobe
 * @returns a value for `on`, for any number of calls; workers start when a call needs them and end with it
 * @throws TypeError when createWorker is not a function, RangeError when workers is not a whole number of at least 1
 * @example
 * ```ts no-run: for a page
 * import { evaluate, type Evaluation, syntheticFeatures } from "softprobe";
 * import { type PlanProgress, webWorkers } from "softprobe/run";
 *
 * function evaluateInPage(onProgress: (progress: PlanProgress<Evaluation>) => void) {
 *   const { features, labels } = syntheticFeatures({ seed: 1 });
 *   const createWorker = () => new Worker(new URL("./softprobe.worker.js", import.meta.url), { type: "module" });
 *   return evaluate(features, labels, { on: webWorkers({ createWorker }), masks: ["none", "pair@oracle/top:0.05"], onProgress });
 * }
 * ```
 */
export function webWorkers(options: WebWorkerOptions): Crew {
  const caller = "webWorkers";
  checkOptions(options, caller, webWorkerOptionNames);
  const { createWorker, workers } = options;
  if (typeof createWorker !== "function") throw kindError(caller, "createWorker", createWorker, "a function that makes a Worker");
  return {
    workers: checkCount(workers ?? (globalThis.navigator?.hardwareConcurrency || 1), caller, "workers"),
    shares: typeof SharedArrayBuffer === "function" && globalThis.crossOriginIsolated !== false,
    open() {
      const worker = createWorker();
      if (typeof worker?.postMessage !== "function" || typeof worker.terminate !== "function")
        throw kindError(caller, "createWorker()", worker, "a Worker");
      return webLink(worker);
    },
  };
}
