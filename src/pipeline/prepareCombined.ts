import type { PartMaps } from "../basis/fitPartMaps.ts";
import { partsDomainP } from "../basis/partsDomain.ts";
import { valueError } from "../core/errors.ts";
import { labelsOf } from "../core/labels.ts";
import { withKernels } from "../kernels/createKernels.ts";
import { kernelLoops } from "../kernels/kernelLoops.ts";
import type { RowLoops } from "../kernels/rowLoops.ts";
import type { EpisodeRun } from "../plan/options.ts";
import { type FitRun, prepareFit } from "../plan/prepareFit.ts";
import { fitSoftmax } from "../probe/fitSoftmax.ts";
import { applySteps } from "../probe/steps.ts";
import { type Combination, checkCombination, domainLevel, partNames, weightsAt, withoutEvidence } from "./combination.ts";
import { combinationSteps, unexplainedShares } from "./combinationSteps.ts";
import { maskSteps } from "./maskSteps.ts";
import { type PreparedProbe, provenanceOf, trainingOf, weighedBy } from "./preparedProbe.ts";
import type { ProbeOptions } from "./probeOptions.ts";
import { trainCombined } from "./trainCombined.ts";
import { trainingSet } from "./trainingSet.ts";

/** What a combination has no place for, beside itself. */
const instead = ["mask", "basis", "power", "augmented", "base", "pool", "trainOn", "normalize"] as const;

/** Of the support's rows, class by class, the share that the base classes leave unexplained. */
function sharesByClass(maps: PartMaps, { features, index }: EpisodeRun, loops: RowLoops, caller: string): readonly number[][] {
  const shares = unexplainedShares(maps, features, loops, caller);
  return index.classes.map((_, c) => Array.from(index.rows.subarray(index.starts[c], index.starts[c + 1]), (row) => shares[row]));
}

/** What `prepareProbe` prepares, for a combination: its maps as steps, and a head of two. */
export function prepareCombined(run: FitRun, options: ProbeOptions, combination: Combination): PreparedProbe {
  const { caller, features, index } = run;
  for (const name of instead)
    if (options[name] !== undefined)
      throw valueError(caller, name, "is given beside a combination", "one of the two: a combination has maps of its own");
  if (options.probe !== undefined && options.probe !== "softmax")
    throw valueError(caller, "probe", `is "${options.probe}"`, '"softmax", or no combination');
  checkCombination(combination, features.cols, caller);
  const shots = index.classes.length / index.classes.reduce<number>((sum, _, c) => sum + 1 / (index.starts[c + 1] - index.starts[c]), 0);
  const { kernels } = options;
  const { domain, maps } = combination;
  const p = domain && maps ? withKernels(kernels, (own) => partsDomainP(domain, sharesByClass(maps, run, kernelLoops(own), caller))) : 1;
  const known = weightsAt(combination, shots);
  const at = p < domainLevel ? withoutEvidence(shots, known.ways, known.weights.length) : known;
  // Masks of weight 0 need not be estimated.
  const first = known.weights.length - combination.masks.length;
  const masks = combination.masks.map((mask, m) => {
    const asked = { mask, base: combination.statistics ?? undefined, seed: run.seed, kernels };
    return {
      name: mask,
      steps: at.weights[first + m] > 0 ? maskSteps(prepareFit(caller, features, labelsOf(index), asked), asked).steps : [],
    };
  });
  const { steps, density } = combinationSteps({ maps, parts: [...combination.parts, ...masks] }, at);
  const psi = density > 0 ? maps!.psi : new Float64Array(0);
  const { matrix, labels, sampleWeight, sources } = trainingSet(caller, run, options.sampleWeight, run.classWeights);
  const rows = withKernels(kernels, (own) => applySteps(steps, matrix, { loops: kernelLoops(own), caller }));
  const asked = options.C ?? "auto";
  const used = {
    ...{ probe: "combined", mask: "tuned", seed: run.seed, weighted: options.sampleWeight !== undefined },
    ...weighedBy(run),
    ...{ rows: features.rows, cols: features.cols, classes: index.classes.length, combination: combination.chosen },
    parts: Object.fromEntries(partNames(combination).map((name, m) => [name, at.weights[m]])),
    scales: { softmax: at.scales[0], density: at.scales[1] },
    ...(maps ? { domain: { p, verdict: p < domainLevel ? "different" : "similar" } } : {}),
  };
  // What is left as it is is a softmax probe, with the C that one has.
  const plain = at.logLoss === null;
  const train: PreparedProbe["train"] = (own, ownLabels, ownWeight, C) =>
    plain
      ? fitSoftmax(own, ownLabels, { C, sampleWeight: ownWeight, kernels })
      : trainCombined(own, ownLabels, at, psi, { C, sampleWeight: ownWeight, kernels });
  const all = { rows, labels, weights: sampleWeight, train };
  return {
    ...all,
    ...{
      probe: plain ? "softmax" : "combined",
      C: plain || asked !== "auto" ? asked : at.C,
      ofEvidence: !plain && asked === "auto",
      sources,
      kernels,
    },
    training: trainingOf(run, all, plain, kernels),
    complete: (head, ownC) => {
      const provenance = provenanceOf(run, { ...used, C: ownC });
      return { kind: "probe", cols: features.cols, steps, head, temperature: 1, rejection: null, provenance };
    },
  };
}
