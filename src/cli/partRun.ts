import type { CountPartOptions, PartRun } from "../node/countPart.ts";
import type { EvaluateOptions } from "../plan/prepareEvaluation.ts";
import { rowsFingerprint } from "../run/part.ts";
import { rowsDomain, rowsRunner } from "../score/rowsRunner.ts";
import type { LoadedRun } from "./loadRun.ts";

/** What counting an evaluation takes: a runner by rows where the features are read so. */
export function partRun(
  { features, labels, streamed }: LoadedRun,
  options: EvaluateOptions,
): { readonly run: PartRun; readonly loaded: CountPartOptions["loaded"] } {
  const run = { kind: "evaluate", features, labels, options } as const;
  if (!streamed) return { run, loaded: undefined };
  const prepared = rowsRunner(streamed.features, labels, { ...options, augmented: streamed.augmented });
  const domain = rowsDomain(prepared, streamed.features, { domain: options.domain, kernels: options.kernels });
  return { run, loaded: { prepared, domain, data: rowsFingerprint(streamed.features, streamed.augmented?.reader ?? null, prepared.run) } };
}
