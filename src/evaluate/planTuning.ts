import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { version } from "../core/version.ts";
import { wholeRun } from "../plan/job.ts";
import { prepareFit } from "../plan/prepareFit.ts";
import type { Plan, PlannedJob } from "../run/plan.ts";
import { supportScore, supportSize, taskToSend } from "../tune/supportEvidence.ts";
import type { SupportTuneResult } from "../tune/supportResult.ts";
import { prepareTuning, type TuneOptions, type TuneResult } from "../tune/tuneMask.ts";
import { drawsPerSet } from "../tune/tunePlan.ts";
import { prepareSupport, type TuneSupportOptions } from "../tune/tuneSupport.ts";
import { evaluationHead, runFingerprint } from "./part.ts";

/**
 * `tuneMask` made ready and not yet begun. `execute` carries it out anywhere, with progress, a signal and a journal, to the bytes that `tuneMask` returns.
 *
 * @param features - n × d rows of base classes
 * @param labels - n labels, at least four classes
 * @param options - those of `tuneMask`
 * @returns the plan of a result document, `softprobe/tune@1`
 * @throws as `tuneMask`
 * @example
 * ```ts
 * import { syntheticFeatures } from "softprobe";
 * import { execute, planTuning } from "softprobe/run";
 *
 * const { features, labels } = syntheticFeatures({ classes: 12, rowsPerClass: 20, dims: 64, seed: 1 });
 * const candidates = [{ mask: "wiener@prior/power:1", trainOn: "support" }, { mask: "random/top:0.1", trainOn: "support" }] as const;
 * console.log((await execute(planTuning(features, labels, { candidates }))).choice.mask); // → wiener@prior/power:1
 * ```
 */
export function planTuning(features: Matrix, labels: Labels, options: TuneOptions = {}): Plan<TuneResult> {
  return tuningPlan("planTuning", features, labels, options);
}

/**
 * `tuneSupport` made ready and not yet begun. `execute` carries it out anywhere, to the bytes that `tuneSupport` returns.
 *
 * @param features - n × d support rows
 * @param labels - n labels of at least two classes
 * @param options - those of `tuneSupport`
 * @returns the plan of a result document, `softprobe/tune@1`
 * @throws as `tuneSupport`
 * @example
 * ```ts
 * import { syntheticFeatures } from "softprobe";
 * import { execute, planSupportTuning } from "softprobe/run";
 *
 * const { features, labels } = syntheticFeatures({ classes: 4, rowsPerClass: 6, dims: 64, seed: 1 });
 * const plan = planSupportTuning(features, labels, { candidates: [{ mask: "wiener@support/power:1", trainOn: "support" }] });
 * console.log((await execute(plan, { onProgress: ({ done, total }) => console.error(done / total) })).choice.mask); // → wiener@support/power:1
 * ```
 */
export function planSupportTuning(features: Matrix, labels: Labels, options: TuneSupportOptions = {}): Plan<SupportTuneResult> {
  return supportPlan("planSupportTuning", features, labels, options);
}

/** {@link planSupportTuning} on behalf of `caller`. */
export function supportPlan(caller: string, features: Matrix, labels: Labels, options: TuneSupportOptions): Plan<SupportTuneResult> {
  const { data, tasks, result } = prepareSupport(caller, features, labels, options);
  const { augmented, pool, normalize, seed, kernels } = data;
  const run = prepareFit(caller, features, labels, {
    augmented: augmented ?? undefined,
    pool: pool ?? undefined,
    normalize,
    seed,
    kernels,
  });
  const shared = { schema: "softprobe/part@3", version, kind: "support", normalize, seed } as const;
  return {
    caller,
    jobs: tasks.map((task): PlannedJob => {
      const { units, width } = supportSize(task);
      const { candidate, path } = task;
      return {
        ...{ kind: "support", run, options: taskToSend(task), width, place: { shard: 1, of: 1, from: 0, to: units } },
        score: () => supportScore(task),
        head: () => ({ ...shared, width, digest: run.digest, data: runFingerprint(run), candidate, path }),
      };
    }),
    result,
  };
}

/** {@link planTuning} on behalf of `caller`. */
export function tuningPlan(caller: string, features: Matrix, labels: Labels, options: TuneOptions): Plan<TuneResult> {
  const { runs, score, result } = prepareTuning(caller, features, labels, options);
  return {
    caller,
    jobs: runs.map((own) => {
      const { run, width } = own.prepared;
      return {
        ...{ kind: "evaluate" as const, run, options: own.options, width, place: wholeRun(run), grain: drawsPerSet },
        score: () => score(own),
        head: () => evaluationHead(own.prepared, null),
      };
    }),
    result,
  };
}
