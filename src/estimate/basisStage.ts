import type { Basis } from "../basis/basis.ts";
import { fitCentre } from "../basis/fitCentre.ts";
import { fitDiscriminant } from "../basis/fitDiscriminant.ts";
import { fitViews } from "../basis/fitViews.ts";
import { fitWithin, type WithinOptions } from "../basis/fitWithin.ts";
import { type ProjectOptions, project } from "../basis/project.ts";
import { indexLabels, type LabelIndex } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { viewRows } from "../core/views.ts";
import type { Episode } from "../episodes/sampleEpisode.ts";
import { l2Normalize } from "../features/l2Normalize.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { type BasisSpec, readsBase, readsViews } from "../mask/maskSpec.ts";
import { simpleTransform } from "../mask/simpleTransform.ts";
import type { CustomBasis } from "../plan/given.ts";
import type { EpisodeRun, NamedMask } from "../plan/options.ts";
import { fitCustomBasis, fixedFor } from "./customBasis.ts";
import type { BaseVariances } from "./episodeMoments.ts";
import { type Ask, type Asked, createStage, type StageAt, startStage } from "./stage.ts";
import type { StagedEpisode } from "./stagedEpisode.ts";

/** Gives the stage of each episode: one for all, or one a set of classes left out. */
export interface BasisStages<A extends Asked> {
  at(episode: Episode): StageAt<A>;
}

/** Bases already fitted, by what they were fitted to; the oldest go first. */
export interface BasisCache {
  get(key: string): Basis | undefined;
  set(key: string, basis: Basis): void;
}

/** Bytes of bases kept for episodes that leave the same classes out. */
const keepBases = 256 * 2 ** 20;

/** An empty cache: runners over the same data may share one. */
export function basisCache(): BasisCache {
  const known = new Map<string, Basis>();
  let held = 0;
  return {
    get: (key) => known.get(key),
    set(key, basis) {
      known.set(key, basis);
      held += bytesOf(basis);
      for (const [oldest, value] of known) {
        if (held <= keepBases || oldest === key) break;
        known.delete(oldest);
        held -= bytesOf(value);
      }
    },
  };
}

/** Variance within classes is 1 in a whitened basis with ψ, and ψ that between them: the prior needs no statistics. */
export function priorOf({ psi }: Basis): BaseVariances | null {
  return psi && { within: new Float64Array(psi.length).fill(1), between: psi };
}

function bytesOf({ mean, transform, lower, lowRank }: Basis): number {
  return 8 * (mean.length + (transform?.length ?? 0) + (lower?.length ?? 0) + (lowRank?.vectors.length ?? 0));
}

/** A basis to be fitted: a named one, or one of the user's own. */
export type AskedBasis = { readonly named: BasisSpec } | { readonly own: CustomBasis };

/** How often a basis is fitted, and how. */
interface Fitting {
  /** Once for all episodes. */
  readonly fixed: boolean;
  /** What tells fits from each other: the classes left out, or the support, which is null where no two are the same. */
  key(episode: Episode): string | null;
  /** Fits it to all, where it is fixed, or for an episode. */
  fit(episode: Episode | null): Basis;
}

/** Classes of an episode, in ascending order. */
const leftOut = ({ classes }: Episode): string => [...classes].sort((a, b) => a - b).join();

/** Rows of the classes that are not an episode's, in ascending order. */
function rowsOutside({ codes, rows }: LabelIndex, { classes }: Episode): Int32Array {
  const own = new Set(classes);
  return rows.filter((row) => !own.has(codes[row])).sort();
}

function fittingOf(basis: AskedBasis, run: EpisodeRun, masked: boolean, caller: string): Fitting {
  if ("own" in basis) {
    const { own } = basis;
    const fixed = fixedFor(own, run);
    return {
      fixed,
      key: (episode) => (own.from === "support" ? null : leftOut(episode)),
      fit(episode) {
        const given = run.baseClasses === "none" || (run.base !== null && run.joined === null);
        const outside = episode && !given ? { outside: rowsOutside((run.joined ?? run).index, episode) } : "given";
        return fitCustomBasis(caller, own, run, outside, episode);
      },
    };
  }
  const { named } = basis;
  const { name, ridge } = named;
  const support = name === "views-support";
  return {
    fixed: name === "views" ? run.pool !== null : !support && run.base !== null && run.joined === null,
    key: (episode) => `${name}:${ridge}${masked ? " masked" : ""} ${support ? episode.support.join() : leftOut(episode)}`,
    fit(episode) {
      if (!episode) return fitBasis(named, run, masked, null, new Int32Array(0));
      const { index } = name === "views" ? run : (run.joined ?? run);
      return fitBasis(named, run, masked, rowsOutside(index, episode), episode.support);
    },
  };
}

/** Rows in the coordinates of a basis, and through the simple transform, where that is the mask. */
function projecting(simple: boolean) {
  return (basis: Basis, matrix: Matrix, options?: ProjectOptions): Matrix => {
    const projected = project(basis, matrix, options);
    if (!simple) return projected;
    return simpleTransform(basis.transform || basis.lower || basis.lowRank ? l2Normalize(projected) : projected);
  };
}

/** Fits a basis to base classes (`rows` of labelled features) or to views of `images`. */
export function fitBasis(spec: BasisSpec, run: EpisodeRun, masked: boolean, outside: Int32Array | null, support: Int32Array): Basis {
  const ridge = spec.ridge ?? 0;
  const { normalize } = run;
  if (spec.name === "views" || spec.name === "views-support") {
    const pool = spec.name === "views" ? run.pool : null;
    const views = pool ?? run.augmented!;
    const images = spec.name === "views-support" ? support : pool ? undefined : outside!;
    return fitViews(views.matrix, views.views, { ridge, normalize, images, root: masked ? "symmetric" : "cholesky" });
  }
  const { features, index } = run.joined ?? run.base ?? run;
  const rows = outside ?? undefined;
  if (spec.name === "centre") return fitCentre(features, { rows, normalize });
  if (spec.name === "within")
    return fitWithin(features, index, { ridge, rows, normalize, root: masked ? "eigen" : "cholesky" } as WithinOptions);
  return fitDiscriminant(features, index, { ridge, rows, normalize });
}

/**
 * The stages of one basis: fitted once where a base set (or a pool of views) is given, else to the rows of the classes outside each episode
 * (or to its support's views), and then once for every set of classes left out.
 */
export function basisStages<A extends Asked>(
  asked: AskedBasis,
  masks: readonly NamedMask[],
  run: EpisodeRun,
  caller: string,
  { ask, makeKernels, cache }: { readonly ask: Ask<A>; readonly makeKernels: () => Kernels; readonly cache: BasisCache },
): BasisStages<A> {
  const kernels = makeKernels();
  const masked = masks.some(({ spec, own }) => own || spec.kind !== "none");
  const sources = masks.flatMap((mask) => (mask.spec.kind === "importance" && mask.spec.source ? [mask.spec.source] : []));
  const needsViews = run.trainOn === "augmented" || sources.some(readsViews) || masks.some(({ own }) => own);
  const wantsBase = sources.some(readsBase);
  const wantsAll = sources.includes("oracle");
  const place = projecting(masks[0].spec.kind === "simple");
  const fitting = fittingOf(asked, run, masked, caller);

  if (fitting.fixed) {
    const basis = fitting.fit(null);
    const prior = priorOf(basis);
    const stage = createStage(
      kernels,
      {
        features: place(basis, run.features),
        index: run.index,
        augmented: needsViews && run.augmented ? { ...run.augmented, matrix: place(basis, run.augmented.matrix) } : null,
        base: wantsBase && !prior && run.base ? { ...run.base, features: place(basis, run.base.features) } : null,
        statistics: "none",
        prior,
      },
      run,
      caller,
      ask,
    );
    return { at: (episode) => startStage(stage, episode, basis.psi) };
  }

  const mark = kernels.memory.mark();
  // Two bases of the user's own may have one name.
  const fitted = "own" in asked ? basisCache() : cache;
  const basisFor = (episode: Episode): Basis => {
    const key = fitting.key(episode);
    const known = key === null ? undefined : fitted.get(key);
    if (known) return known;
    const basis = fitting.fit(episode);
    if (key !== null) fitted.set(key, basis);
    return basis;
  };
  /** The whole of the features in the last basis: episodes that leave the same classes out often follow each other. */
  let last: { readonly basis: Basis; readonly features: Matrix } | undefined;
  return {
    at(episode) {
      const basis = basisFor(episode);
      const prior = priorOf(basis);
      const whole = wantsAll || (wantsBase && !prior && (!run.base || run.joined !== null));
      const { support, query } = episode;
      if (whole && last?.basis !== basis) last = { basis, features: place(basis, run.features) };
      const features = whole ? last!.features : place(basis, run.features, { rows: Int32Array.of(...support, ...query) });
      const places = support.map((_, i) => i);
      let local: StagedEpisode = whole ? episode : { ...episode, support: places, query: query.map((_, i) => support.length + i) };
      let augmented = null;
      if (needsViews && run.augmented) {
        // Of the views only the support's matter.
        const { views, matrix } = run.augmented;
        augmented = { views, matrix: place(basis, matrix, { rows: viewRows(support, views) }) };
        local = { ...local, images: places };
      }
      kernels.memory.release(mark);
      const index = whole ? run.index : indexLabels(Int32Array.of(...episode.supportLabels, ...episode.queryLabels));
      const base = wantsBase && !prior && run.base ? { ...run.base, features: place(basis, run.base.features) } : null;
      const stage = createStage(
        kernels,
        { features, index, augmented, base, joinsBase: run.joined !== null, statistics: "none", prior },
        run,
        caller,
        ask,
      );
      return startStage(stage, local, basis.psi);
    },
  };
}
