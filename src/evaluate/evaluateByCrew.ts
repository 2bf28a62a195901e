import { kindError } from "../core/errors.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { checkDomain, domainOf } from "../estimate/domainOf.ts";
import { type EvaluateOptions, prepareEvaluation } from "../plan/prepareEvaluation.ts";
import { type Crew, countByCrew } from "../run/countByCrew.ts";
import type { ProgressOptions } from "../run/slices.ts";
import type { Evaluation } from "./results.ts";
import { summariseEvaluation } from "./summarise.ts";

/** `evaluate` by workers: the same document to the byte. */
export async function evaluateByCrew(
  crew: Crew,
  features: Matrix,
  labels: Labels,
  options: EvaluateOptions & ProgressOptions,
): Promise<Evaluation> {
  const wanted = checkDomain(options, "evaluate");
  const { prepared, counts } = await countByCrew(crew, "evaluate", options, () => {
    const ready = prepareEvaluation(features, labels, options);
    for (const probe of ready.asked)
      if (typeof probe !== "string")
        throw kindError(
          crew.caller,
          `probe "${probe.name}"`,
          probe.fit,
          "the name of a probe: a function can't be sent to a worker; use evaluate",
        );
    return ready;
  });
  const domain = wanted ? domainOf(prepared.run, options.kernels) : null;
  return summariseEvaluation(prepared, counts, options.perEpisode ?? false, domain);
}
