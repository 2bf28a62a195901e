import { kindError, valueError } from "../core/errors.ts";
import { type Labels, labelsOf } from "../core/labels.ts";
import { version } from "../core/version.ts";
import { type HeldTask, holdTask } from "../heldout/heldOutTask.ts";
import { receiveJobs } from "../plan/ownModules.ts";
import type { WorkerJob } from "../plan/packJob.ts";
import { prepareCurve } from "../plan/prepareCurve.ts";
import { prepareEvaluation } from "../plan/prepareEvaluation.ts";
import { countRange } from "../score/countRange.ts";
import { curveScore } from "../score/curveScore.ts";
import type { Score } from "../score/score.ts";
import { evaluationScore } from "../tune/evaluationScore.ts";
import { type SentTask, sentTask, supportScore } from "../tune/supportEvidence.ts";
import type { WorkerOrder, WorkerReport } from "./workerMessages.ts";

/** The part of a worker's global scope (`self`) or of a message port that is used. */
export interface WorkerScope {
  postMessage(message: unknown): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
}

/** How a worker makes the score of each kind of job: the one place that knows them. */
const scores: Readonly<Record<WorkerJob["kind"], (job: WorkerJob, labels: Labels, options: object) => Score>> = {
  evaluate: ({ caller, features, checked }, labels, options) =>
    evaluationScore(prepareEvaluation(caller, features, labels, options, checked)),
  curve: ({ caller, features, checked }, labels, options) => curveScore(prepareCurve(caller, features, labels, options, checked)),
  support: ({ features, checked }, _, options) => supportScore(sentTask(features, checked.index, options as SentTask)),
};

/** A score of one's own over the job's arrays. */
function scoreOf(job: WorkerJob): Score {
  const { base, index } = job.checked;
  const options = base ? { ...job.options, base: { features: base.features, labels: labelsOf(base.index) } } : job.options;
  return scores[job.kind](job, labelsOf(index), options);
}

/**
 * Makes a Web Worker serve a page that passes `on: webWorkers(…)`, to run a plan or to choose a probe's C and temperature. A worker's file needs only
 * this call. It ignores all other messages. It imports masks, bases and probes of the user's own from their modules, which a file that loads softprobe by `require` can't.
 *
 * @param scope - the worker's `self`
 * @throws TypeError when the scope can't exchange messages, or is a page's window
 * @example
 * ```ts
 * import { serveWorker } from "softprobe/run";
 *
 * const { port1, port2 } = new MessageChannel();
 * const answer = new Promise((resolve) => {
 *   port2.onmessage = ({ data }) => resolve(data.softprobe);
 * });
 * serveWorker(port1); // in a worker's file: serveWorker(self)
 * console.log(await answer); // → ready
 * port1.close();
 * ```
 */
export function serveWorker(scope: WorkerScope): void {
  if (typeof scope?.postMessage !== "function" || typeof scope.addEventListener !== "function" || "document" in scope)
    throw kindError("serveWorker", "scope", scope, "a worker's self");
  const tell = (report: WorkerReport): void => scope.postMessage(report);
  let jobs: readonly WorkerJob[] = [];
  /** Modules of the user's own that are being imported; what is to be counted waits for them, unless other jobs are sent meanwhile. */
  let arriving: Promise<void> | null = null;
  let latest: readonly WorkerJob[] = [];
  let loaded: { readonly job: number; readonly score: Score } | null = null;
  const scoreFor = (job: number): Score => {
    if (loaded?.job !== job) {
      loaded?.score.end();
      loaded = null;
      loaded = { job, score: scoreOf(jobs[job]) };
    }
    return loaded.score;
  };
  const count = ({ job, from, to }: Extract<WorkerOrder, { readonly softprobe: "count" }>): void => {
    if (jobs.length === 0) return;
    try {
      const score = scoreFor(job);
      const started = performance.now();
      const counts = countRange(score, from, to);
      tell({ softprobe: "counted", from, counts, milliseconds: performance.now() - started });
    } catch (error) {
      tell({ softprobe: "failed", from, error: error as Error });
    }
  };
  const take = (sent: readonly WorkerJob[]): void => {
    latest = sent;
    const received = receiveJobs(sent);
    if (!received) {
      jobs = sent;
      return;
    }
    arriving = received.then(
      (whole) => {
        if (latest === sent) [jobs, arriving] = [whole, null];
      },
      (error: Error) => {
        if (latest !== sent) return;
        arriving = null;
        tell({ softprobe: "failed", from: null, error });
      },
    );
  };
  let held: HeldTask | null = null;
  /** Does what is asked; an error is told to who asked. */
  const answer = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      tell({ softprobe: "failed", from: null, error: error as Error });
    }
  };
  /** Refuses orders of another version, whose plain data may mean something else. */
  const checkVersion = (sent: string): void => {
    if (sent !== version) throw valueError("serveWorker", "version", `is ${version}`, `${sent}, that of the thread which sends the work`);
  };
  scope.addEventListener("message", ({ data }) => {
    const order = data as WorkerOrder | null;
    if (order?.softprobe === "load") {
      loaded?.score.end();
      [loaded, jobs, arriving] = [null, [], null];
      answer(() => {
        checkVersion(order.version);
        take(order.jobs);
      });
    } else if (order?.softprobe === "hold") {
      held?.end();
      held = null;
      answer(() => {
        checkVersion(order.version);
        held = holdTask(order.caller, order.task, order.share);
      });
    } else if (order?.softprobe === "solve") {
      answer(() => {
        if (held) tell({ softprobe: "solved", ...held.solve(order.C, () => tell({ softprobe: "stepped" })) });
      });
    } else if (order?.softprobe === "count") {
      const asked = latest;
      if (!arriving) count(order);
      else arriving.then(() => latest === asked && count(order));
    }
  });
  tell({ softprobe: "ready" });
}
