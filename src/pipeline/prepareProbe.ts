import type { Basis } from "../basis/basis.ts";
import type { PartMaps } from "../basis/fitPartMaps.ts";
import { partsDomainP } from "../basis/partsDomain.ts";
import { project } from "../basis/project.ts";
import type { OptionNames } from "../core/checkOptions.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import { type ClassName, type Labels, labelsOf } from "../core/labels.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";
import { readOptions } from "../core/option.ts";
import { version } from "../core/version.ts";
import { wholeViews } from "../core/views.ts";
import type { Work } from "../core/work.ts";
import { fitBasis, priorOf } from "../estimate/basisStage.ts";
import { fitCustomBasis } from "../estimate/customBasis.ts";
import { customWeights, weightsGiven } from "../estimate/customWeights.ts";
import { episodeImportance } from "../estimate/episodeImportance.ts";
import { loadSpace } from "../estimate/featureSpace.ts";
import { maskWeights } from "../estimate/maskWeights.ts";
import type { StageData } from "../estimate/stage.ts";
import { concatRows } from "../features/concatRows.ts";
import { type KernelChoice, withKernels } from "../kernels/createKernels.ts";
import { kernelLoops } from "../kernels/kernelLoops.ts";
import type { RowLoops } from "../kernels/rowLoops.ts";
import { formatMask, type MaskSpec, readsBase, readsViews } from "../mask/maskSpec.ts";
import type { CustomBasis, CustomMask, MaskInBasis } from "../plan/given.ts";
import type { EpisodeRun, NamedMask } from "../plan/options.ts";
import { dataOptions, fitOptions, type ProbeName, trainingOptions, viewOptions } from "../plan/optionTable.ts";
import { checkSpec, type FitRun, type ProbeOptions as MaskedOptions, prepareFit } from "../plan/prepareFit.ts";
import { checkCustomBasis } from "../plan/prepareMasks.ts";
import { countBaseRows } from "../plan/prepareRun.ts";
import { type ClassWeights, namedWeights, weighClasses } from "../probe/classWeight.ts";
import { fitCentroid, fitCosine } from "../probe/fitCentroid.ts";
import { fitPlda } from "../probe/fitPlda.ts";
import { fitSoftmax, fittingSoftmax } from "../probe/fitSoftmax.ts";
import type { Head, Probe, Provenance } from "../probe/probe.ts";
import { applySteps, type Step } from "../probe/steps.ts";
import { type Combination, checkCombination, domainLevel, partNames, weightsAt, withoutEvidence } from "./combination.ts";
import { combinationSteps, unexplainedShares } from "./combinationSteps.ts";
import { trainCombined } from "./trainCombined.ts";

/** How a probe is trained: with a mask and a basis, or with a combination of maps instead of both. */
export interface ProbeOptions extends MaskedOptions {
  /** What `fitCombination` learned from base classes, or `fitSupportCombination` from this support: its maps take the place of mask and basis, and the head is a · softmax + b · density. */
  readonly combination?: Combination;
}

const ownNames: OptionNames<ProbeOptions, MaskedOptions> = { combination: true };
/** The names of all of {@link ProbeOptions}. */
export const probeOptionNames = [viewOptions, dataOptions, trainingOptions, fitOptions, { seed: true }, ownNames] as const;

/** The matrix of a basis, as a step. */
function matrixStep({ dimensions, transform, lower, lowRank }: Basis): readonly Step[] {
  if (transform) return [{ kind: "transform", dimensions, matrix: transform }];
  if (lower) return [{ kind: "solve", lower }];
  return lowRank ? [{ kind: "lowRank", vectors: lowRank.vectors, gains: lowRank.gains, rest: lowRank.rest }] : [];
}

const l2: Step = { kind: "l2", weights: null };

/** The weights that a spec estimates, in the space of its basis, exactly as an evaluation does in an episode. */
function estimate(
  caller: string,
  run: EpisodeRun,
  spec: MaskSpec,
  basis: Basis | null,
  options: Pick<ProbeOptions, "kernels">,
): Float64Array | null {
  if (spec.kind !== "importance") return null;
  const to = (matrix: Matrix): Matrix => (basis ? project(basis, matrix, { kernels: options.kernels }) : matrix);
  const { source } = spec;
  const fromBase = readsBase(source);
  const prior = basis && priorOf(basis);
  if (basis && !prior && fromBase && run.baseStatistics)
    throw valueError(caller, "base", "is statistics, which a basis without ψ can't project", "the rows themselves: {features, labels}");
  const data: StageData = {
    features: to(run.features),
    index: run.index,
    augmented: readsViews(source) && run.augmented ? { ...run.augmented, matrix: to(run.augmented.matrix) } : null,
    base: fromBase && !prior && run.base ? { ...run.base, features: to(run.base.features) } : null,
    baseStatistics: basis ? null : run.baseStatistics,
    statistics: basis ? "none" : run.normalize,
    prior,
  };
  const { seed, priorDegrees, most } = run;
  return withKernels(options.kernels, (kernels) => {
    const space = loadSpace(kernels, data);
    // Views that nobody has looked at yet.
    if (data.augmented && !space.augmented!.finite) checkFinite(wholeViews(data.augmented).matrix, caller, "augmented");
    const importance = episodeImportance(kernels, space, { caller, seed, priorDegrees, most, prior });
    const episode = run.episode(0);
    importance.start(episode);
    return maskWeights({ importance, data, episode, psi: basis?.psi ?? null }, spec);
  });
}

const isCustomBasis = (basis: Basis | CustomBasis): basis is CustomBasis => typeof (basis as CustomBasis).fit === "function";

/** A mask asked for as a record, not as a spec string or as weights: one of the user's own, or one in a basis of the user's own. */
const isRecord = (mask: unknown): mask is CustomMask | MaskInBasis =>
  typeof mask === "object" && mask !== null && ("basis" in mask || "weights" in mask);

/** Its weights, in the space of its basis, as an evaluation asks for them in an episode. */
function ownWeights(caller: string, run: EpisodeRun, mask: CustomMask, basis: Basis | null, { kernels }: Pick<ProbeOptions, "kernels">) {
  const to = (matrix: Matrix): Matrix => (basis ? project(basis, matrix, { kernels }) : matrix);
  const augmented = run.augmented && { ...run.augmented, matrix: to(run.augmented.matrix) };
  const data = { features: to(run.features), augmented, statistics: basis ? "none" : run.normalize } as const;
  return customWeights(caller, mask, data, run.episode(0));
}

/** Rows to train on, their labels and weights: the features' own, and their views where asked for. */
function trainingSet(caller: string, run: EpisodeRun, given: ArrayLike<number> | undefined, classWeights: ClassWeights) {
  const { features, index, augmented } = run;
  const n = features.rows;
  if (given !== undefined && given.length !== n)
    throw shapeError(caller, "sampleWeight", `${given.length} values`, `${n}, one a row of features`);
  const views = run.trainOn === "augmented" ? augmented!.views : 0;
  const plain = ({ data, rows, cols }: Matrix): Matrix => ({ data, rows, cols });
  const matrix = views > 0 ? concatRows([plain(features), plain(augmented!.matrix)]) : plain(features);
  const { rows } = matrix;
  const sources = Int32Array.from({ length: rows }, (_, i) => (i < n ? i : Math.floor((i - n) / views)));
  const labels = Array.from(sources, (own) => index.classes[index.codes[own]]);
  const weighted = given !== undefined || views > 0 || classWeights !== null;
  const sampleWeight = weighted ? Float64Array.from(sources, (own, i) => (given?.[own] ?? 1) / (i < n ? 1 : views)) : undefined;
  const codes = sources.map((own) => index.codes[own]);
  if (sampleWeight) weighClasses(classWeights, { codes, k: index.classes.length }, sampleWeight);
  return { matrix, labels, sampleWeight, sources };
}

/** Of what and how a probe was made; the digest of its rows is made when it is read. */
function provenanceOf(run: EpisodeRun, options: Provenance["options"]): Provenance {
  return {
    version,
    options,
    get digest() {
      return run.digest;
    },
  };
}

/** What provenance says of class weights. */
const weighedBy = ({ classWeights, index }: EpisodeRun) =>
  classWeights === null ? {} : { classWeight: namedWeights(classWeights, index.classes) };

/** Everything of a probe but its head, and what trains that. */
export interface PreparedProbe {
  /** `combined`: a softmax probe and a density in one linear head. */
  readonly probe: ProbeName | "combined";
  readonly C: number | "auto";
  /** Whether C is that of a combination's evidence, and nobody asked for it. */
  readonly ofEvidence?: boolean;
  /** Rows to train on as the head sees them: the n of the features first, then their views, where those are trained on too. */
  readonly rows: Matrix;
  readonly labels: readonly ClassName[];
  /** Weights of the rows; undefined: 1 each. */
  readonly weights: Float64Array | undefined;
  /** Which of the n rows each row is, or is a view of. */
  readonly sources: Int32Array;
  readonly kernels: KernelChoice | undefined;
  /** Trains a head on rows such as `rows`. */
  train(rows: Matrix, labels: readonly ClassName[], weights: Float64Array | undefined, C: number): Head;
  /** Trains the head on all rows, and makes the digest of what it was trained on; where `sliced`, a step at a time on kernels of its own, to the same bits. */
  training(C: number, sliced: boolean): Work<Head>;
  /** The whole probe with a head trained at C, temperature 1, no rejection. */
  complete(head: Head, C: number): Probe;
}

/** What rows go through before the head, and what of it others need. */
interface FittedSteps {
  readonly steps: readonly Step[];
  readonly basis: Basis | null;
  /** As provenance names it. */
  readonly mask: string;
  /** Whether the head sees no more than the normalised rows, or their coordinates in the basis. */
  readonly plain: boolean;
}

/** Fits basis and mask to a checked support; a `plda` head takes the basis' coordinates as they are, without an l2 at the end. */
export function stepsOf(
  run: EpisodeRun,
  options: Pick<ProbeOptions, "mask" | "basis" | "power" | "kernels">,
  probe: ProbeName = "softmax",
): FittedSteps {
  const { caller, normalize, features, index } = run;
  const { mask: asked, power } = readOptions({ mask: fitOptions.mask, power: fitOptions.power }, options, caller);
  if (isRecord(asked) && "weights" in asked && typeof asked.name !== "string") throw kindError(caller, "mask.name", asked.name, "a string");
  const { name, spec, own, ownBasis }: NamedMask =
    typeof asked === "string" || isRecord(asked) ? checkSpec(caller, run, asked) : { name: "weights", spec: { kind: "none", basis: null } };
  const { basis: given } = options;
  const named = spec.basis && spec.basis.name !== "raw" ? spec.basis : null;
  if (given && (named || ownBasis))
    throw valueError(
      caller,
      "basis",
      `is given beside ${ownBasis ? `basis ${ownBasis.name}` : `"${formatMask(spec)}"`}`,
      "one basis: a record, or a name in the mask",
    );
  const toFit = given && isCustomBasis(given) ? checkCustomBasis(caller, "basis", given, run) : ownBasis;
  const basisGiven = given && !isCustomBasis(given) ? given : null;
  if (basisGiven && basisGiven.cols !== features.cols)
    throw shapeError(caller, "basis", `${basisGiven.cols} columns`, `${features.cols}, as features`);
  const masked = spec.kind !== "none" || typeof asked !== "string";
  const basis =
    basisGiven ??
    (toFit ? fitCustomBasis(caller, toFit, run, "given", run.episode(0)) : named ? fitBasis(named, run, masked, null, index.rows) : null);

  const steps: Step[] = power === undefined ? [] : [{ kind: "power", exponent: power }];
  if (basis) {
    if (basis.normalize === "l2") steps.push(l2);
    steps.push({ kind: "centre", mean: basis.mean }, l2, ...matrixStep(basis));
  } else if (normalize === "l2") steps.push(l2);
  const before = steps.length;
  const weights = own
    ? ownWeights(caller, run, own, basis, options)
    : typeof asked === "string" || isRecord(asked)
      ? estimate(caller, run, spec, basis, options)
      : weightsGiven(
          caller,
          "mask",
          asked as ArrayLike<number>,
          basis?.dimensions ?? features.cols,
          "a spec string or an array of weights",
        );
  if (spec.kind === "simple") steps.push(...(basis && matrixStep(basis).length > 0 ? [l2] : []), { kind: "simple" });
  if (weights) steps.push({ kind: "mask", weights });
  const plain = steps.length === before;
  // Twice in a row would be once, but for rounding.
  if (normalize === "l2" && probe !== "plda" && (!plain || basis !== null)) steps.push(l2);
  return { steps, basis, mask: name, plain };
}

/** A head on all rows, in the steps of the softmax fit where it is one. */
function trainingOf(
  run: FitRun,
  { rows, labels, weights, train }: Pick<PreparedProbe, "rows" | "labels" | "weights" | "train">,
  softmax: boolean,
  kernels: KernelChoice | undefined,
): PreparedProbe["training"] {
  return function* (C, sliced) {
    const nothing = { done: 0, total: 1 };
    for (const _ of run.digesting()) yield nothing;
    if (!sliced || !softmax) return train(rows, labels, weights, C);
    const fitting = fittingSoftmax(rows, labels, { C, sampleWeight: weights, kernels });
    try {
      let step = fitting.next();
      for (; !step.done; step = fitting.next()) yield nothing;
      return step.value;
    } finally {
      fitting.return(undefined as never);
    }
  };
}

/** Checks, fits basis and mask, and does the steps to the rows: {@link fitProbe} but for the head. */
export function prepareProbe(caller: string, features: Matrix, labels: Labels, options: ProbeOptions): PreparedProbe {
  const { combination, ...others } = options;
  const run = prepareFit(caller, features, labels, others);
  if (combination !== undefined) return prepareCombined(caller, features, run, options, combination);
  const { normalize, pool, augmented, C } = run;
  const { probe: name, power } = readOptions(fitOptions, options, caller);
  const { steps, basis, mask, plain } = stepsOf(run, options, name);
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

/** What a combination has no place for, beside itself. */
const instead = ["mask", "basis", "power", "augmented", "base", "pool", "trainOn", "normalize"] as const;

/** Of the support's rows, class by class, the share that the base classes leave unexplained. */
function sharesByClass(maps: PartMaps, { features, index }: EpisodeRun, loops: RowLoops, caller: string): readonly number[][] {
  const shares = unexplainedShares(maps, features, loops, caller);
  return index.classes.map((_, c) => Array.from(index.rows.subarray(index.starts[c], index.starts[c + 1]), (row) => shares[row]));
}

/** The same for a combination: its steps, and a head of two. */
function prepareCombined(caller: string, features: Matrix, run: FitRun, options: ProbeOptions, combination: Combination): PreparedProbe {
  for (const name of instead)
    if (options[name] !== undefined)
      throw valueError(caller, name, "is given beside a combination", "one of the two: a combination has maps of its own");
  if (options.probe !== undefined && options.probe !== "softmax")
    throw valueError(caller, "probe", `is "${options.probe}"`, '"softmax", or no combination');
  checkCombination(combination, features.cols, caller);
  const { index } = run;
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
      steps: at.weights[first + m] > 0 ? stepsOf(prepareFit(caller, features, labelsOf(index), asked), asked).steps : [],
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
