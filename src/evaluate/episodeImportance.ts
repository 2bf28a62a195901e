import { valueError } from "../core/errors.ts";
import { type ClassMoments, varianceFloor } from "../importance/classMoments.ts";
import { fisherImportance } from "../importance/fisherImportance.ts";
import { mutualInformationImportance } from "../importance/mutualInformationImportance.ts";
import { randomImportance } from "../importance/randomImportance.ts";
import { varianceImportance } from "../importance/varianceImportance.ts";
import { welchImportance } from "../importance/welchImportance.ts";
import { wienerWeights } from "../importance/wienerImportance.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { statisticsOf, writeMoments } from "../kernels/statisticsOf.ts";
import type { ImportanceName, SourceName } from "../mask/maskSpec.ts";
import type { FeatureSpace, LoadedMoments } from "./featureSpace.ts";
import { harmonicMean, supportCounts } from "./shotsOf.ts";
import { imagesOf, type StagedEpisode } from "./stagedEpisode.ts";

/** σ² within and τ² between classes of the base set (or of the classes outside the episode): what the prior knows. */
export interface BaseVariances {
  readonly within: Float64Array;
  readonly between: Float64Array;
}

/** Moments of the episode's classes in kernel memory: the address of each class's row of means and of variances. */
interface EpisodeMoments {
  readonly counts: Float64Array;
  readonly means: readonly number[];
  readonly variances: readonly number[];
}

/**
 * Importance for one episode after another: each source's moments and each importance are computed once an episode, whatever number of
 * masks asks for them.
 */
export interface EpisodeImportance {
  /** Starts an episode: forgets the last one's results. */
  start(episode: StagedEpisode): void;
  /** d values, valid until `start`. */
  of(importance: ImportanceName, source: SourceName | null): Float64Array;
}

/** Reserves the scratch for episodes of up to `most.support` rows and `most.ways` classes. */
export function episodeImportance(
  kernels: Kernels,
  space: FeatureSpace,
  options: {
    readonly caller: string;
    readonly seed: number;
    readonly priorDegrees: number;
    readonly most: { readonly support: number; readonly ways: number };
    /** What a basis already knows of the base classes; without it, they are measured in this space. */
    readonly prior?: BaseVariances | null;
  },
): EpisodeImportance {
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
  const pair = { deviations: memory.allocate(8 * most.ways * stride), term: row(), sum: row() };
  /** What moments over classes write to, and the classes' places in a table of them. */
  const over = { mean: row(), squares: row(), sum: row() };
  let classList = { address: memory.allocate(4 * most.ways), size: most.ways };
  const total = memory.allocate(8);
  let episode: StagedEpisode;
  let shots: Float64Array;
  const momentsMemo = new Map<SourceName, EpisodeMoments>();
  const importanceMemo = new Map<string, Float64Array>();
  let baseMemo: BaseVariances | undefined;
  /** Standard deviations of the features' own classes, each made when an episode first has the class. */
  let oracleDeviations: { readonly address: number; readonly made: Uint8Array } | undefined;

  /** Addresses of `count` consecutive rows. */
  const consecutive = (address: number, count: number): number[] => Array.from({ length: count }, (_, c) => address + 8 * c * stride);

  /** The moments as the importance room takes them. */
  const plain = ({ counts, means, variances }: EpisodeMoments): ClassMoments => {
    const { f64 } = memory;
    const unpad = (addresses: readonly number[]): Float64Array => {
      const out = new Float64Array(addresses.length * cols);
      addresses.forEach((address, c) => {
        out.set(f64.subarray(address >> 3, (address >> 3) + cols), c * cols);
      });
      return out;
    };
    return { counts, means: unpad(means), variances: unpad(variances), cols };
  };

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
    i32.set(support, list >> 2);
    for (let i = 0; i < support.length; i++) for (let v = 0; v < views; v++) i32[(viewList >> 2) + i * views + v] = images[i] * views + v;
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

  /** Mean and variance (divisor m − 1) over m rows of tables of classes, written to `over`. */
  const overClasses = (tables: readonly { readonly address: number; readonly classes: readonly number[] }[], m: number): void => {
    if (classList.size < m) classList = { address: memory.allocate(4 * m), size: m };
    const { address: list } = classList;
    let start = 1;
    for (const { address, classes } of tables) {
      if (classes.length === 0) continue;
      memory.i32.set(classes, list >> 2);
      statistics.addMoments(0, address, stride, list, 0, classes.length, start, over.mean, over.sum, over.squares);
      start = 0;
    }
    statistics.finishMoments(over.mean, over.sum, over.squares, stride, m, m - 1);
  };

  /** Within- and between-class variance over the base classes: the base set's, or all classes of the features but the episode's. */
  const baseVariances = (): BaseVariances => {
    if (options.prior) return options.prior;
    if (baseMemo) return baseMemo;
    const base = space.baseMoments();
    const none: ArrayLike<number> = [];
    const tables: { readonly loaded: LoadedMoments; readonly left: ArrayLike<number> }[] = base ? [{ loaded: base, left: none }] : [];
    if (!base || space.joinsBase) tables.push({ loaded: space.moments(), left: episode.classes });
    const chosen = tables.map(({ loaded, left }) => ({
      loaded,
      classes: Array.from(loaded.counts.keys()).filter((c) => loaded.counts[c] >= 2 && !Array.prototype.includes.call(left, c)),
    }));
    const counts = chosen.flatMap(({ loaded, classes }) => classes.map((c) => loaded.counts[c]));
    const m = counts.length;
    if (m < 2) throw valueError(caller, "base", `has ${m} classes of 2 rows or more outside episode ${episode.episode}`, "at least 2");
    const n = harmonicMean(counts);
    overClasses(
      chosen.map(({ loaded, classes }) => ({ address: loaded.variances, classes })),
      m,
    );
    const within = memory.f64.slice(over.mean >> 3, (over.mean >> 3) + cols);
    overClasses(
      chosen.map(({ loaded, classes }) => ({ address: loaded.means, classes })),
      m,
    );
    const between = memory.f64.slice(over.squares >> 3, (over.squares >> 3) + cols);
    for (let j = 0; j < cols; j++) between[j] = Math.max(between[j] - within[j] / n, 0);
    baseMemo = { within, between };
    return baseMemo;
  };

  const computeMoments = (source: SourceName): EpisodeMoments => {
    if (source === "oracle") return oracleMoments();
    const fromViews = source === "augmented" || source === "augmented+base";
    if (source === "support" && shots.some((count) => count < 2)) {
      const wanted = "at least 2 shots for a variance; or the source augmented or base";
      throw valueError(caller, "source support", `has a class of 1 shot in episode ${episode.episode}`, wanted);
    }
    const place = places[source as keyof typeof places];
    const moments = supportMoments(fromViews, { means: place, variances: place + 8 * most.ways * stride });
    if (source !== "base" && source !== "augmented+base") return moments;
    const { within } = baseVariances();
    const { f64 } = memory;
    for (const address of moments.variances) {
      const v = address >> 3;
      if (source === "base") f64.set(within, v);
      else for (let j = 0; j < cols; j++) f64[v + j] = (f64[v + j] + within[j]) / 2;
    }
    return moments;
  };

  const momentsOf = (source: SourceName): EpisodeMoments => {
    let moments = momentsMemo.get(source);
    if (!moments) {
      moments = computeMoments(source);
      momentsMemo.set(source, moments);
    }
    return moments;
  };

  const checkSpread = (sum: number): void => {
    if (!(sum > 0))
      throw valueError(caller, `episode ${episode.episode}`, "has a class without variance in any dimension", "rows that differ");
  };

  /** The value below which no variance may fall: a share of their mean over the d dimensions that start at `at`. */
  const floorOf = (values: Float64Array, at: number): number => {
    let sum = 0;
    for (let j = at; j < at + cols; j++) sum += values[j];
    checkSpread(sum);
    return (varianceFloor * sum) / cols;
  };

  /** Writes √max(variance, floor) over a row. */
  const writeDeviations = (variance: number, to: number): void => {
    statistics.deviations(variance, cols, stride, varianceFloor, to, total);
    checkSpread(memory.f64[total >> 3]);
  };

  const deviationsOf = (source: SourceName, { variances }: EpisodeMoments): readonly number[] => {
    if (source !== "oracle") {
      const to = consecutive(pair.deviations, variances.length);
      variances.forEach((variance, c) => {
        writeDeviations(variance, to[c]);
      });
      return to;
    }
    const classes = space.index.classes.length;
    oracleDeviations ??= { address: memory.allocate(8 * classes * stride), made: new Uint8Array(classes) };
    const { address, made } = oracleDeviations;
    return variances.map((variance, way) => {
      const c = episode.classes[way];
      if (!made[c]) writeDeviations(variance, address + 8 * c * stride);
      made[c] = 1;
      return address + 8 * c * stride;
    });
  };

  const wiener = (source: SourceName): Float64Array => {
    const k = episode.classes.length;
    const K = harmonicMean(shots);
    let distances = new Float64Array(cols);
    let variances: Float64Array;
    const base = source === "prior" || source === "posterior" ? baseVariances() : null;
    if (source === "prior") {
      const { within, between } = base!;
      for (let j = 0; j < cols; j++) distances[j] = 2 * between[j];
      variances = within.slice();
    } else {
      const moments = momentsOf(source === "posterior" ? "augmented" : source);
      const table = (addresses: readonly number[]) => [
        { address: addresses[0], classes: addresses.map((address) => (address - addresses[0]) / (8 * stride)) },
      ];
      // δ², the mean over pairs of squared differences, is twice the variance (divisor k − 1) of the k means.
      overClasses(table(moments.means), k);
      distances = memory.f64.slice(over.squares >> 3, (over.squares >> 3) + cols);
      for (let j = 0; j < cols; j++) distances[j] *= 2;
      overClasses(table(moments.variances), k);
      variances = memory.f64.slice(over.mean >> 3, (over.mean >> 3) + cols);
      if (source === "posterior") for (let j = 0; j < cols; j++) variances[j] = (variances[j] + base!.within[j]) / 2;
    }
    const floor = floorOf(variances, 0);
    for (let j = 0; j < cols; j++) if (variances[j] < floor) variances[j] = floor;
    if (source === "posterior") {
      const { between } = base!;
      const d0 = options.priorDegrees;
      for (let j = 0; j < cols; j++) {
        const prior = between[j] + variances[j] / K;
        const moderated = (d0 * prior + (k - 1) * (distances[j] / 2)) / (d0 + k - 1);
        distances[j] = 2 * Math.max(moderated - variances[j] / K, 0);
      }
    } else if (source !== "prior") {
      const n = source === "oracle" ? harmonicMean(momentsOf(source).counts) : K;
      for (let j = 0; j < cols; j++) distances[j] = Math.max(distances[j] - (2 * variances[j]) / n, 0);
    }
    return wienerWeights(distances, variances, K);
  };

  /** `pairImportance` in the kernels. */
  const pairs = (source: SourceName): Float64Array => {
    const moments = momentsOf(source);
    const deviations = deviationsOf(source, moments);
    const { means } = moments;
    const k = means.length;
    memory.f64.fill(0, pair.sum >> 3, (pair.sum >> 3) + stride);
    const share = 2 / (k * (k - 1));
    for (let a = 0; a < k; a++) {
      for (let b = 0; b < a; b++) statistics.addPair(means[a], means[b], deviations[a], deviations[b], stride, share, pair.term, pair.sum);
    }
    return memory.f64.slice(pair.sum >> 3, (pair.sum >> 3) + cols);
  };

  const compute = (importance: ImportanceName, source: SourceName | null): Float64Array => {
    if (source === null) return randomImportance(cols, options.seed, episode.episode);
    if (importance === "pair") return pairs(source);
    if (importance === "wiener") return wiener(source);
    if (importance === "fisher") return fisherImportance(plain(momentsOf(source)));
    if (importance === "variance") return varianceImportance(plain(momentsOf(source)));
    if (importance === "welch") return welchImportance(plain(momentsOf(source)));
    if (importance === "mutual-information") return mutualInformationImportance(plain(momentsOf(source)));
    throw valueError(caller, "importance", `is ${importance}`, "pair, fisher, welch, mutual-information, variance, random or wiener");
  };

  return {
    start(next) {
      episode = next;
      shots = supportCounts(next);
      momentsMemo.clear();
      importanceMemo.clear();
      // A base set is the same for every episode; the classes outside an episode are not.
      if (!space.hasBase || space.joinsBase) baseMemo = undefined;
    },
    of(importance, source) {
      const key = `${importance}@${source}`;
      let values = importanceMemo.get(key);
      if (!values) {
        values = compute(importance, source);
        importanceMemo.set(key, values);
      }
      return values;
    },
  };
}
