import type { Basis } from "../basis/basis.ts";
import { fitCentre } from "../basis/fitCentre.ts";
import { fitDiscriminant } from "../basis/fitDiscriminant.ts";
import { fitViews } from "../basis/fitViews.ts";
import { fitWithin, type WithinOptions } from "../basis/fitWithin.ts";
import { project } from "../basis/project.ts";
import { indexLabels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { viewRows } from "../core/views.ts";
import type { Episode } from "../episodes/sampleEpisode.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { type BasisSpec, readsBase, readsViews } from "../mask/maskSpec.ts";
import type { EpisodeRun, NamedMask } from "../plan/options.ts";
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
  spec: BasisSpec,
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
  const fixed = spec.name === "views" ? run.pool !== null : spec.name !== "views-support" && run.base !== null && run.joined === null;

  if (fixed) {
    const basis = fitBasis(spec, run, masked, null, new Int32Array(0));
    const prior = priorOf(basis);
    const stage = createStage(
      kernels,
      {
        features: project(basis, run.features),
        index: run.index,
        augmented: needsViews && run.augmented ? { ...run.augmented, matrix: project(basis, run.augmented.matrix) } : null,
        base: wantsBase && !prior && run.base ? { ...run.base, features: project(basis, run.base.features) } : null,
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
  const basisFor = (episode: Episode): Basis => {
    const own = new Set(episode.classes);
    const support = spec.name === "views-support";
    const classes = support ? "" : [...own].sort((a, b) => a - b).join();
    const key = `${spec.name}:${spec.ridge}${masked ? " masked" : ""} ${support ? episode.support.join() : classes}`;
    let basis = cache.get(key);
    if (basis) return basis;
    const { codes, rows } = (spec.name === "views" ? run : (run.joined ?? run)).index;
    const outside = rows.filter((row) => !own.has(codes[row])).sort();
    basis = fitBasis(spec, run, masked, outside, episode.support);
    cache.set(key, basis);
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
      if (whole && last?.basis !== basis) last = { basis, features: project(basis, run.features) };
      const features = whole ? last!.features : project(basis, run.features, { rows: Int32Array.of(...support, ...query) });
      const places = support.map((_, i) => i);
      let local: StagedEpisode = whole ? episode : { ...episode, support: places, query: query.map((_, i) => support.length + i) };
      let augmented = null;
      if (needsViews && run.augmented) {
        // Of the views only the support's matter.
        const { views, matrix } = run.augmented;
        augmented = { views, matrix: project(basis, matrix, { rows: viewRows(support, views) }) };
        local = { ...local, images: places };
      }
      kernels.memory.release(mark);
      const index = whole ? run.index : indexLabels(Int32Array.of(...episode.supportLabels, ...episode.queryLabels));
      const base = wantsBase && !prior && run.base ? { ...run.base, features: project(basis, run.base.features) } : null;
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
