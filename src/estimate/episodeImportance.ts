import { valueError } from "../core/errors.ts";
import { type ClassMoments, varianceFloor } from "../importance/classMoments.ts";
import { fisherImportance } from "../importance/fisherImportance.ts";
import { mutualInformationImportance } from "../importance/mutualInformationImportance.ts";
import { randomImportance } from "../importance/randomImportance.ts";
import { varianceImportance } from "../importance/varianceImportance.ts";
import { welchImportance } from "../importance/welchImportance.ts";
import { wienerWeights } from "../importance/wienerImportance.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { statisticsOf } from "../kernels/statisticsOf.ts";
import type { ImportanceName, SourceName } from "../mask/maskSpec.ts";
import { type BaseVariances, type EpisodeMoments, episodeMoments } from "./episodeMoments.ts";
import type { FeatureSpace } from "./featureSpace.ts";
import { harmonicMean, supportCounts } from "./shotsOf.ts";
import type { StagedEpisode } from "./stagedEpisode.ts";

/**
 * Importance for one episode after another: each source's moments and each importance are computed once an episode, whatever number of
 * masks asks for them.
 */
export interface EpisodeImportance {
  /** Starts an episode: forgets the last one's results. */
  start(episode: StagedEpisode): void;
  /** d values, valid until `start`. */
  of(importance: ImportanceName, source: SourceName | null): Float64Array;
  /** Means and variances of a source's classes. */
  moments(source: SourceName): ClassMoments;
  /** What `wienerWeights` takes of a source. */
  wiener(source: SourceName): { readonly distances: Float64Array; readonly variances: Float64Array; readonly shots: number };
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
  const { stride, cols } = space.rows;
  const statistics = statisticsOf(kernels);
  const moments = episodeMoments(kernels, space, options);
  const row = (): number => memory.allocate(8 * stride);
  const pair = { deviations: memory.allocate(8 * most.ways * stride), terms: memory.allocate(16 * stride), sum: row() };
  const lists = { means: memory.allocate(4 * most.ways), deviations: memory.allocate(4 * most.ways) };
  const total = memory.allocate(8);
  let episode: StagedEpisode;
  let shots: Float64Array;
  const importanceMemo = new Map<string, Float64Array>();
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
        out.set(f64.subarray(address >>> 3, (address >>> 3) + cols), c * cols);
      });
      return out;
    };
    return { counts, means: unpad(means), variances: unpad(variances), cols };
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
    checkSpread(memory.f64[total >>> 3]);
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

  const wiener: EpisodeImportance["wiener"] = (source) => {
    const k = episode.classes.length;
    const K = harmonicMean(shots);
    const copy = (address: number): Float64Array => memory.f64.slice(address >>> 3, (address >>> 3) + cols);
    const base = source === "prior" || source === "posterior" ? moments.base() : null;
    let distances: Float64Array;
    let variances: Float64Array;
    if (source === "prior") {
      distances = base!.between.slice();
      variances = base!.within.slice();
    } else {
      const own = moments.of(source === "posterior" ? "augmented" : source);
      const table = (addresses: readonly number[]) => [
        { address: addresses[0], classes: addresses.map((address) => (address - addresses[0]) / (8 * stride)) },
      ];
      distances = copy(moments.over(table(own.means), k).variance);
      variances = copy(moments.over(table(own.variances), k).mean);
      if (source === "posterior") for (let j = 0; j < cols; j++) variances[j] = (variances[j] + base!.within[j]) / 2;
    }
    // δ², the mean over pairs of squared differences, is twice the variance (divisor k − 1) of the k means.
    for (let j = 0; j < cols; j++) distances[j] *= 2;
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
      const n = source === "oracle" ? harmonicMean(moments.of(source).counts) : K;
      for (let j = 0; j < cols; j++) distances[j] = Math.max(distances[j] - (2 * variances[j]) / n, 0);
    }
    return { distances, variances, shots: K };
  };

  /** `pairImportance` in the kernels. */
  const pairs = (source: SourceName): Float64Array => {
    const own = moments.of(source);
    const deviations = deviationsOf(source, own);
    memory.i32.set(own.means, lists.means >>> 2);
    memory.i32.set(deviations, lists.deviations >>> 2);
    statistics.pairs(lists.means, lists.deviations, own.means.length, stride, pair.terms, pair.sum);
    return memory.f64.slice(pair.sum >>> 3, (pair.sum >>> 3) + cols);
  };

  const compute = (importance: ImportanceName, source: SourceName | null): Float64Array => {
    if (source === null) return randomImportance(cols, options.seed, episode.episode);
    if (importance === "pair") return pairs(source);
    if (importance === "wiener") {
      const { distances, variances, shots: K } = wiener(source);
      return wienerWeights(distances, variances, K);
    }
    if (importance === "fisher") return fisherImportance(plain(moments.of(source)));
    if (importance === "variance") return varianceImportance(plain(moments.of(source)));
    if (importance === "welch") return welchImportance(plain(moments.of(source)));
    if (importance === "mutual-information") return mutualInformationImportance(plain(moments.of(source)));
    throw valueError(caller, "importance", `is ${importance}`, "pair, fisher, welch, mutual-information, variance, random or wiener");
  };

  return {
    start(next) {
      episode = next;
      shots = supportCounts(next);
      moments.start(next);
      importanceMemo.clear();
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
    moments: (source) => plain(moments.of(source)),
    wiener,
  };
}
