import { kindError, valueError } from "../core/errors.ts";
import type { LabelIndex, Labels } from "../core/labels.ts";
import { version } from "../core/version.ts";
import type { WorkerJob } from "../plan/packJob.ts";
import { curveRunner } from "../score/curveRunner.ts";
import type { Score } from "../score/score.ts";
import { evaluationScore } from "../tune/evaluationScore.ts";
import { countRange } from "./countRange.ts";
import type { WorkerOrder, WorkerReport } from "./workerMessages.ts";

/** The part of a worker's global scope (`self`) or of a message port that is used. */
export interface WorkerScope {
  postMessage(message: unknown): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
}

function labelsOf({ classes, codes }: LabelIndex): Labels {
  return Array.from(codes, (code) => classes[code]);
}

/** A runner of one's own over the job's arrays. */
function counterOf({ kind, features, options, checked }: WorkerJob): Score {
  const { base, index } = checked;
  const all = base ? { ...options, base: { features: base.features, labels: labelsOf(base.index) } } : options;
  const labels = labelsOf(index);
  return kind === "curve" ? curveRunner(features, labels, all, checked) : evaluationScore(features, labels, all, checked);
}

/**
 * Makes a Web Worker count episodes for `evaluateInWebWorkers` and `redundancyCurveInWebWorkers`: the one call that a worker's file needs. Messages
 * of others pass by untouched.
 *
 * @param scope - the worker's `self`
 * @throws TypeError when the scope can't exchange messages, or is a page's window
 * @example
 * ```ts
 * import { serveEvaluation } from "softprobe/run";
 *
 * const { port1, port2 } = new MessageChannel();
 * const answer = new Promise((resolve) => {
 *   port2.onmessage = ({ data }) => resolve(data.softprobe);
 * });
 * serveEvaluation(port1); // in a worker's file: serveEvaluation(self)
 * console.log(await answer); // → ready
 * port1.close();
 * ```
 */
export function serveEvaluation(scope: WorkerScope): void {
  if (typeof scope?.postMessage !== "function" || typeof scope.addEventListener !== "function" || "document" in scope)
    throw kindError("serveEvaluation", "scope", scope, "a worker's self");
  const tell = (report: WorkerReport): void => scope.postMessage(report);
  let counter: Score | null = null;
  scope.addEventListener("message", ({ data }) => {
    const order = data as WorkerOrder | null;
    if (order?.softprobe === "load") {
      counter = null;
      try {
        if (order.version !== version)
          throw valueError("serveEvaluation", "version", `is ${version}`, `${order.version}, that of the thread which sends the run`);
        counter = counterOf(order.job);
      } catch (error) {
        tell({ softprobe: "failed", from: null, error: error as Error });
      }
    } else if (order?.softprobe === "count" && counter) {
      const { from, to } = order;
      const started = performance.now();
      try {
        const counts = countRange(counter, from, to);
        tell({ softprobe: "counted", from, counts, milliseconds: performance.now() - started });
      } catch (error) {
        tell({ softprobe: "failed", from, error: error as Error });
      }
    }
  });
  tell({ softprobe: "ready" });
}
