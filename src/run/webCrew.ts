import type { OptionNames } from "../core/checkOptions.ts";
import { checkCount } from "../core/checks.ts";
import { kindError } from "../core/errors.ts";
import type { Crew } from "./countByCrew.ts";
import { isReport, type WorkerLink } from "./workerMessages.ts";

/** The part of a Web Worker that is used. */
export interface WebWorker {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: "message" | "messageerror" | "error", listener: (event: Event) => void): void;
  terminate(): unknown;
}

export interface WebWorkerOptions {
  /** Makes one worker, whose file calls `serveEvaluation(self)`; it is terminated when the run ends. */
  readonly createWorker: () => WebWorker;
  /** How many (default: the processor's threads, as the browser tells); no more than there are episodes. */
  readonly workers?: number;
}

export const webWorkerOptionNames: OptionNames<WebWorkerOptions> = { createWorker: true, workers: true };

function webLink(worker: WebWorker): WorkerLink {
  return {
    send: (order, transfer) => worker.postMessage(order, [...transfer]),
    listen(heard, lost) {
      worker.addEventListener("message", (event) => {
        const { data } = event as MessageEvent<unknown>;
        if (isReport(data)) heard(data);
      });
      worker.addEventListener("messageerror", () => lost("a message of its could not be read"));
      worker.addEventListener("error", (event) => lost((event as ErrorEvent).message || "its file could not be loaded"));
    },
    end: () => worker.terminate(),
  };
}

/** Web Workers by the user's factory. Memory is shared where the page is cross-origin isolated. */
export function webCrew(caller: string, { createWorker, workers }: WebWorkerOptions): Crew {
  if (typeof createWorker !== "function") throw kindError(caller, "createWorker", createWorker, "a function that makes a Worker");
  return {
    caller,
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
