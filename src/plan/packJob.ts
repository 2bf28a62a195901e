import { kindError } from "../core/errors.ts";
import type { LabelIndex } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Place } from "../core/place.ts";
import type { Views } from "../core/views.ts";
import type { Job } from "./job.ts";
import type { CheckedRun, EpisodeRunOptions } from "./options.ts";
import { sendOwn } from "./ownModules.ts";

/** A job as it is sent: plain data, checked by who sends it. Labels and base set are in `checked`. */
export interface WorkerJob extends Pick<Job, "kind"> {
  readonly caller: string;
  readonly features: Matrix;
  readonly options: object;
  readonly checked: CheckedRun;
}

/** Refuses rows that are not in memory, which no worker can have. */
function checkInMemory({ run: { readers } }: Job, caller: string): void {
  if (!readers) return;
  const wanted = "a Matrix to share with workers: rows that are read are counted here, or by shards";
  throw kindError(caller, "features", readers.features, wanted);
}

/** The job with every large array placed. */
export function packJob(job: Job, caller: string, place: Place): WorkerJob {
  checkInMemory(job, caller);
  const matrix = ({ data, rows, cols }: Matrix): Matrix => ({ data: place(data), rows, cols });
  const views = (given: Views | null) => given && { matrix: matrix(given.matrix), views: given.views };
  const index = ({ classes, codes, rows, starts }: LabelIndex): LabelIndex => ({ classes, codes: place(codes), rows: place(rows), starts });
  const labelled = (set: { readonly features: Matrix; readonly index: LabelIndex } | null) =>
    set && { features: matrix(set.features), index: index(set.index) };
  const { run } = job;
  const { base: _, augmented: _views, pool: _pool, ...rest } = job.options as EpisodeRunOptions;
  // What isn't data, such as a listener or two, stays here.
  const plain = sendOwn(Object.fromEntries(Object.entries(rest).filter(([, value]) => typeof value !== "function")), caller);
  const { baseStatistics: known } = run;
  const baseStatistics = known && { ...known, counts: place(known.counts), means: place(known.means), variances: place(known.variances) };
  return {
    kind: job.kind,
    caller,
    features: matrix(run.features),
    // As they were checked: those of some rows are copied.
    options: { ...plain, augmented: views(run.augmented) ?? undefined, pool: views(run.pool) ?? undefined },
    checked: {
      ...{ index: index(run.index), base: labelled(run.base), baseStatistics },
      ...{ joined: labelled(run.joined), digest: run.digest },
    },
  };
}
