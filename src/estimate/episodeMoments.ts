import { valueError } from "../core/errors.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { statisticsOf, writeMoments } from "../kernels/statisticsOf.ts";
import type { SourceName } from "../mask/maskSpec.ts";
import type { FeatureSpace, LoadedMoments } from "./featureSpace.ts";
import { harmonicMean, supportCounts } from "./shotsOf.ts";
import { imagesOf, type StagedEpisode } from "./stagedEpisode.ts";

/** σ² within and τ² between classes of the base set (or of the classes outside the episode): what the prior knows. */
export interface BaseVariances {
  readonly within: Float64Array;
  readonly between: Float64Array;
}

/** Moments of the episode's classes in kernel memory: the address of each class's row of means and of variances. */
export interface EpisodeMoments {
  readonly counts: Float64Array;
  readonly means: readonly number[];
  readonly variances: readonly number[];
}

/** Rows of one table of classes, by their numbers. */
interface ClassRows {
  readonly address: number;
  readonly classes: readonly number[];
}

/** What each source knows of one episode's classes, made at first use and once an episode. */
export interface EpisodeMomentsBySource {
  /** Starts an episode: forgets the last one's moments. */
  start(episode: StagedEpisode): void;
  of(source: SourceName): EpisodeMoments;
  /** Within- and between-class variance over the base classes: the base set's, or all classes of the features but the episode's. */
  base(): BaseVariances;
  /** The addresses of the mean and of the variance (divisor m − 1) over m rows of tables of classes, until the next call. */
  over(tables: readonly ClassRows[], m: number): { readonly mean: number; readonly variance: number };
}

/** Reserves the scratch for episodes of up to `most.support` rows and `most.ways` classes. */
export function episodeMoments(
  kernels: Kernels,
  space: FeatureSpace,
  options: {
    readonly caller: string;
    readonly most: { readonly support: number; readonly ways: number };
    /** What a basis already knows of the base classes; without it, they are measured in this space. */
    readonly prior?: BaseVariances | null;
  },
): EpisodeMomentsBySource {
  const { memory } = kernels;
  const { caller, most } = options;
  const { rows, augmented } = space;
  const { stride, cols } = rows;
  const views = augmented?.views ?? 0;
  const statistics = statisticsOf(kernels);
  const [list, viewList] = [memory.allocate(4 * most.support), memory.allocate(4 * Math.max(1, most.support * views))];
  // Means, then variances, of each source that has its own.
  const place = (): number => memory.allocate(16 * most.ways * stride);
  const places = { support: place(), base: place(), augmented: place(), "augmented+base": place() };
  const row = (): number => memory.allocate(8 * stride);
  const second = { mean: row(), squares: row(), sum: row() };
  const across = { mean: row(), variance: row(), sum: row() };
  let classList = { address: memory.allocate(4 * most.ways), size: most.ways };
  let episode: StagedEpisode;
  let shots: Float64Array;
  const memo = new Map<SourceName, EpisodeMoments>();
  let baseMemo: BaseVariances | undefined;

  /** Addresses of `count` consecutive rows. */
  const consecutive = (address: number, count: number): number[] => Array.from({ length: count }, (_, c) => address + 8 * c * stride);

  const oracleMoments = (): EpisodeMoments => {
    const loaded = space.moments();
    const at = (address: number) => Array.from(episode.classes, (c) => address + 8 * c * stride);
    return {
      counts: Float64Array.from(episode.classes, (c) => loaded.counts[c]),
      means: at(loaded.means),
      variances: at(loaded.variances),
    };
  };

  /** Moments of the support rows, and of their views too where asked, by class (Chan et al. 1979 joins the two). */
  const supportMoments = (withViews: boolean, to: { readonly means: number; readonly variances: number }): EpisodeMoments => {
    const { support, classes } = episode;
    const images = imagesOf(episode);
    const k = classes.length;
    const { i32 } = memory;
    i32.set(support, list >>> 2);
    for (let i = 0; i < support.length; i++) for (let v = 0; v < views; v++) i32[(viewList >>> 2) + i * views + v] = images[i] * views + v;
    const counts = new Float64Array(k);
    let start = 0;
    const joined = withViews && augmented ? augmented : null;
    for (let way = 0; way < k; way++) {
      const count = shots[way];
      const own = { mean: to.means + 8 * way * stride, squares: to.variances + 8 * way * stride, sum: second.sum };
      counts[way] = joined ? count * (1 + views) : count;
      const divisor = Math.max(1, counts[way] - 1);
      writeMoments(statistics, rows, list + 4 * start, count, own, joined ? 1 : divisor);
      if (joined) {
        writeMoments(statistics, joined, viewList + 4 * start * views, count * views, second, 1);
        statistics.joinMoments(own.mean, own.squares, second.mean, second.squares, stride, count, count * views, divisor);
      }
      start += count;
    }
    return { counts, means: consecutive(to.means, k), variances: consecutive(to.variances, k) };
  };

  const over: EpisodeMomentsBySource["over"] = (tables, m) => {
    if (classList.size < m) classList = { address: memory.allocate(4 * m), size: m };
    const { address: numbers } = classList;
    let start = 1;
    for (const { address, classes } of tables) {
      if (classes.length === 0) continue;
      memory.i32.set(classes, numbers >>> 2);
      statistics.addMoments(0, address, stride, numbers, 0, classes.length, start, across.mean, across.sum, across.variance);
      start = 0;
    }
    statistics.finishMoments(across.mean, across.sum, across.variance, stride, m, m - 1);
    return across;
  };

  const baseVariances = (): BaseVariances => {
    const base = space.baseMoments();
    const tables: { readonly loaded: LoadedMoments; readonly left: ReadonlySet<number> }[] = base
      ? [{ loaded: base, left: new Set() }]
      : [];
    if (!base || space.joinsBase) tables.push({ loaded: space.moments(), left: new Set(episode.classes) });
    const chosen = tables.map(({ loaded, left }) => ({
      loaded,
      classes: Array.from(loaded.counts.keys()).filter((c) => loaded.counts[c] >= 2 && !left.has(c)),
    }));
    const counts = chosen.flatMap(({ loaded, classes }) => classes.map((c) => loaded.counts[c]));
    const m = counts.length;
    if (m < 2) throw valueError(caller, "base", `has ${m} classes of 2 rows or more outside episode ${episode.episode}`, "at least 2");
    const n = harmonicMean(counts);
    const overAll = (table: "means" | "variances") =>
      over(
        chosen.map(({ loaded, classes }) => ({ address: loaded[table], classes })),
        m,
      );
    const row = (address: number) => memory.f64.slice(address >>> 3, (address >>> 3) + cols);
    const within = row(overAll("variances").mean);
    const between = row(overAll("means").variance);
    for (let j = 0; j < cols; j++) between[j] = Math.max(between[j] - within[j] / n, 0);
    return { within, between };
  };
  const base = (): BaseVariances => {
    baseMemo ??= options.prior ?? baseVariances();
    return baseMemo;
  };

  const compute = (source: SourceName): EpisodeMoments => {
    if (source === "oracle") return oracleMoments();
    const fromViews = source === "augmented" || source === "augmented+base";
    if (source === "support" && shots.some((count) => count < 2)) {
      const wanted = "at least 2 shots for a variance; or the source augmented or base";
      throw valueError(caller, "source support", `has a class of 1 shot in episode ${episode.episode}`, wanted);
    }
    const place = places[source as keyof typeof places];
    const moments = supportMoments(fromViews, { means: place, variances: place + 8 * most.ways * stride });
    if (source !== "base" && source !== "augmented+base") return moments;
    const { within } = base();
    const { f64 } = memory;
    for (const address of moments.variances) {
      const v = address >>> 3;
      if (source === "base") f64.set(within, v);
      else for (let j = 0; j < cols; j++) f64[v + j] = (f64[v + j] + within[j]) / 2;
    }
    return moments;
  };

  return {
    start(next) {
      episode = next;
      shots = supportCounts(next);
      memo.clear();
      // A base set is the same for every episode; the classes outside an episode are not.
      if (!space.hasBase || space.joinsBase) baseMemo = undefined;
    },
    of(source) {
      let moments = memo.get(source);
      if (!moments) {
        moments = compute(source);
        memo.set(source, moments);
      }
      return moments;
    },
    base,
    over,
  };
}
