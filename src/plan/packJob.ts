import type { LabelIndex } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Views } from "../core/views.ts";
import type { CheckedRun } from "./options.ts";
import type { CurveOptions } from "./prepareCurve.ts";
import type { EvaluateOptions } from "./prepareEvaluation.ts";

/** A run as it is sent: plain data, checked by who sends it. Labels and base set are in `checked`. */
export type WorkerJob = { readonly features: Matrix; readonly checked: CheckedRun } & (
  | { readonly kind: "evaluate"; readonly options: EvaluateOptions }
  | { readonly kind: "curve"; readonly options: CurveOptions }
);

type Numbers = Float32Array | Float64Array | Int32Array;
/** Puts an array where a worker can have it; the same array always to the same place. */
export type Place = <A extends Numbers>(array: A) => A;

function onto(array: Numbers, buffer: ArrayBufferLike): Numbers {
  if (array instanceof Float32Array) return new Float32Array(buffer);
  return array instanceof Float64Array ? new Float64Array(buffer) : new Int32Array(buffer);
}

function placing(put: (array: Numbers) => Numbers): Place {
  const known = new Map<Numbers, Numbers>();
  return <A extends Numbers>(array: A): A => {
    const placed = known.get(array) ?? put(array);
    known.set(array, placed);
    return placed as A;
  };
}

/** Copies into shared memory, once for all workers; an array that lives there already stays. */
export function placeShared(): Place {
  return placing((array) => {
    if (array.buffer instanceof SharedArrayBuffer) return array;
    const shared = onto(array, new SharedArrayBuffer(array.byteLength));
    shared.set(array);
    return shared;
  });
}

/** Copies for one worker, to be handed over: for pages that are not cross-origin isolated and so have no shared memory. */
export function placeCopies(transfer: ArrayBuffer[]): Place {
  return placing((array) => {
    const buffer = new ArrayBuffer(array.byteLength);
    const copy = onto(array, buffer);
    copy.set(array);
    transfer.push(buffer);
    return copy;
  });
}

/** The job with every large array placed. */
export function packJob(job: WorkerJob, place: Place): WorkerJob {
  const matrix = ({ data, rows, cols }: Matrix): Matrix => ({ data: place(data), rows, cols });
  const views = (given: Views | undefined) => given && { matrix: matrix(given.matrix), views: given.views };
  const index = ({ classes, codes, rows, starts }: LabelIndex): LabelIndex => ({ classes, codes: place(codes), rows: place(rows), starts });
  const labelled = (set: { readonly features: Matrix; readonly index: LabelIndex } | null) =>
    set && { features: matrix(set.features), index: index(set.index) };
  const { base: _, augmented, pool, ...rest } = job.options;
  const { checked } = job;
  const { baseStatistics: known } = checked;
  const baseStatistics = known && { ...known, counts: place(known.counts), means: place(known.means), variances: place(known.variances) };
  return {
    kind: job.kind,
    features: matrix(job.features),
    options: { ...rest, augmented: views(augmented), pool: views(pool) },
    checked: {
      ...{ index: index(checked.index), base: labelled(checked.base), baseStatistics },
      ...{ joined: labelled(checked.joined), digest: checked.digest },
    },
  } as WorkerJob;
}
