import { valueError } from "../core/errors.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { readOptions } from "../core/option.ts";
import { withKernels } from "../kernels/createKernels.ts";
import { kernelLoops } from "../kernels/kernelLoops.ts";
import { fitOptions } from "../plan/optionTable.ts";
import { prepareFit } from "../plan/prepareFit.ts";
import { countBaseRows } from "../plan/prepareRun.ts";
import { fitCentroid, fitCosine } from "../probe/fitCentroid.ts";
import { fitPlda } from "../probe/fitPlda.ts";
import { fitSoftmax } from "../probe/fitSoftmax.ts";
import type { Head, Probe } from "../probe/probe.ts";
import { applySteps } from "../probe/steps.ts";
import { isCustomBasis, maskSteps } from "./maskSteps.ts";
import { prepareCombined } from "./prepareCombined.ts";
import { type PreparedProbe, provenanceOf, trainingOf, weighedBy } from "./preparedProbe.ts";
import type { ProbeOptions } from "./probeOptions.ts";
import { trainingSet } from "./trainingSet.ts";

/** Checks, fits basis and mask, and does the steps to the rows: `fitProbe` but for the head. */
export function prepareProbe(caller: string, features: Matrix, labels: Labels, options: ProbeOptions): PreparedProbe {
  const { combination, ...others } = options;
  const run = prepareFit(caller, features, labels, others);
  if (combination !== undefined) return prepareCombined(run, options, combination);
  const { normalize, pool, augmented, C } = run;
  const { probe: name, power } = readOptions(fitOptions, options, caller);
  const { steps, basis, mask, plain } = maskSteps(run, options, name);
  if (name === "plda" && (!plain || basis?.psi == null || basis.kind !== "discriminant"))
    throw valueError(caller, "probe", 'is "plda"', "a discriminant basis and no mask: it weighs that basis itself");

  // Of the other heads, none depends on the weight of a class.
  const classWeights = name === "softmax" ? run.classWeights : null;
  const { matrix, labels: names, sampleWeight, sources } = trainingSet(caller, run, options.sampleWeight, classWeights);
  const first = power === undefined ? 0 : 1;
  const rows = withKernels(options.kernels, (kernels) => applySteps(steps.slice(first), matrix, { loops: kernelLoops(kernels), caller }));
  const train: PreparedProbe["train"] = (own, ownLabels, ownWeight, ownC) => {
    if (name === "softmax") return fitSoftmax(own, ownLabels, { C: ownC, sampleWeight: ownWeight, kernels: options.kernels });
    if (name === "centroid") return fitCentroid(own, ownLabels, { sampleWeight: ownWeight });
    if (name === "cosine") return fitCosine(own, ownLabels, { sampleWeight: ownWeight });
    if (ownWeight)
      throw valueError(caller, "probe", 'is "plda"', "neither sampleWeight nor views to train on: its rows are independent and equal");
    return fitPlda(own, ownLabels, { psi: basis!.psi! });
  };
  const used = {
    probe: name,
    mask,
    ...(options.basis ? { basis: isCustomBasis(options.basis) ? options.basis.name : `${options.basis.kind}:${options.basis.ridge}` } : {}),
    ...(power === undefined ? {} : { power }),
    ...{ normalize, trainOn: run.trainOn, seed: run.seed, priorDegrees: run.priorDegrees, weighted: options.sampleWeight !== undefined },
    ...weighedBy(run),
    ...{ rows: features.rows, cols: features.cols, classes: run.index.classes.length, views: augmented?.views ?? 0 },
    ...{ baseRows: countBaseRows(run), poolRows: pool ? pool.matrix.rows / pool.views : 0 },
  };
  const complete = (head: Head, ownC: number): Probe => {
    const provenance = provenanceOf(run, { ...used, C: ownC });
    const named = features.columns ? { columns: features.columns } : {};
    return { kind: "probe", cols: features.cols, ...named, steps, head, temperature: 1, rejection: null, provenance };
  };
  const { kernels } = options;
  const all = { rows, labels: names, weights: sampleWeight, train };
  const training = trainingOf(run, all, name === "softmax", kernels);
  return { ...all, ...{ probe: name, C, sources, kernels }, training, complete };
}
