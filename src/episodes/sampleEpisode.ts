import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { checkOptions } from "../core/checkOptions.ts";
import { checkCount } from "../core/checks.ts";
import { describe, kindError, shapeError, valueError } from "../core/errors.ts";
import { type ClassName, type LabelIndex, type Labels, labelIndexOf, plainLabel } from "../core/labels.ts";
import { type OptionsOf, readOptions } from "../core/option.ts";
import { randomBelow, randomStream } from "../core/random.ts";
import { episodeOptions } from "./episodeOptions.ts";

/** What options of one episode and options of many have in common. */
export interface SamplingOptions extends OptionsOf<typeof episodeOptions> {}

/** Options of one episode. Those of a run have others beside them, which the compiler refuses as the call does. */
export interface EpisodeOptions extends SamplingOptions {
  /** No option of one episode: how many there are belongs to a run. */
  readonly episodes?: undefined;
  /** No option of one episode: it belongs to `episodes`. */
  readonly count?: undefined;
}

/** One few-shot task: row numbers and their class within the task. Support and query never share a row. */
export interface Episode {
  /** Its number e. */
  readonly episode: number;
  /** k positions in `LabelIndex.classes`, in the order of the labels below. */
  readonly classes: Int32Array;
  /** Support rows, grouped by class. */
  readonly support: Int32Array;
  /** 0 … k − 1, one a support row. */
  readonly supportLabels: Int32Array;
  /** Query rows, grouped by class. */
  readonly query: Int32Array;
  /** 0 … k − 1, one a query row. */
  readonly queryLabels: Int32Array;
}

/** Draws any episode by its number, from options that have been checked once. */
export interface EpisodeSampler {
  readonly ways: number;
  /** Classes with fewer rows than shots + queries, which no episode uses. */
  readonly excludedClasses: readonly ClassName[];
  /** Most support rows and most query rows an episode can have. */
  readonly most: { readonly support: number; readonly query: number };
  sample(e: number): Episode;
}

function perWay(value: number | readonly number[], ways: number, argument: string, least: number): readonly number[] {
  if (typeof value === "number") return new Array(ways).fill(checkCount(value, "sampleEpisode", argument, least));
  if (!Array.isArray(value)) throw kindError("sampleEpisode", argument, value, "a number or one number a way");
  if (value.length !== ways)
    throw shapeError("sampleEpisode", argument, `${value.length} numbers`, `${ways}, one for each way, or a single number`);
  value.forEach((count, way) => {
    checkCount(count, "sampleEpisode", `${argument}[${way}]`, least);
  });
  return value;
}

/** Moves `count` uniformly chosen entries of pool[start … end − 1] to its front, remembering the swaps. */
function draw(pool: Int32Array, start: number, end: number, count: number, random: RandomGenerator, swaps: number[]): void {
  for (let i = 0; i < count; i++) {
    const at = start + i;
    const other = at + randomBelow(random, end - at);
    const kept = pool[at];
    pool[at] = pool[other];
    pool[other] = kept;
    swaps.push(at, other);
  }
}

function undo(pool: Int32Array, swaps: number[]): void {
  for (let s = swaps.length - 2; s >= 0; s -= 2) {
    const kept = pool[swaps[s]];
    pool[swaps[s]] = pool[swaps[s + 1]];
    pool[swaps[s + 1]] = kept;
  }
  swaps.length = 0;
}

/**
 * Checks episode options against the labels once, for sampling many episodes: `sampleEpisode` with its checks done.
 *
 * @param labels - n labels, or what `indexLabels` made of them
 * @param options - ways, shots, queries, seed, classes, drawsPerTask
 * @throws RangeError naming a class that is unknown or too small, or when fewer classes than ways are large enough
 * @example
 * ```ts
 * import { episodeSampler, indexLabels } from "softprobe";
 *
 * const sampler = episodeSampler(indexLabels([0, 0, 0, 1, 1, 1, 2]), { ways: 2, shots: 1, queries: 2, seed: 7 });
 * console.log(sampler.excludedClasses, sampler.sample(3).query.length); // → [ 2 ] 4
 * ```
 */
export function episodeSampler(labels: Labels | LabelIndex, options: EpisodeOptions = {}): EpisodeSampler {
  checkOptions(options as SamplingOptions, "episodeSampler", episodeOptions);
  return samplerOf(labels, options, "episodeSampler");
}

/** {@link episodeSampler} for options that have others beside them, whose names are checked already. */
export function samplerOf(labels: Labels | LabelIndex, options: SamplingOptions, caller: string): EpisodeSampler {
  const { classes, rows, starts } = labelIndexOf(labels, caller);
  const { ways, seed, drawsPerTask, ...asked } = readOptions(episodeOptions, options, caller);
  const shots = perWay(asked.shots, ways, "shots", 1);
  const rest = asked.queries === "all";
  if (typeof asked.queries === "string" && !rest)
    throw valueError(caller, "queries", `is "${asked.queries}"`, 'a number, one a way, or "all"');
  const queries = rest ? new Array<number>(ways).fill(1) : perWay(asked.queries as number | readonly number[], ways, "queries", 1);
  const needed = Math.max(...shots.map((count, way) => count + queries[way]));
  const size = (c: number) => starts[c + 1] - starts[c];

  let candidates: number[];
  const excludedClasses: ClassName[] = [];
  if (options.classes) {
    if (!Array.isArray(options.classes)) throw kindError(caller, "classes", options.classes, "an array of labels");
    candidates = options.classes.map((name) => {
      const c = classes.indexOf(plainLabel(name));
      if (c < 0) throw valueError(caller, "classes", `has ${describe(name)}, which no row is labelled`, "labels that occur");
      return c;
    });
    if (new Set(candidates).size < candidates.length) throw valueError(caller, "classes", "names a class twice", "distinct classes");
  } else {
    candidates = classes.map((_, c) => c);
  }
  const fixed = options.classes !== undefined && candidates.length === ways;
  const eligible = candidates.filter((c, way) => {
    const wanted = fixed ? shots[way] + queries[way] : needed;
    if (size(c) >= wanted) return true;
    if (options.classes)
      throw valueError(caller, `class ${describe(classes[c])}`, `has ${size(c)} rows, needs shots + queries = ${wanted}`, "a larger class");
    excludedClasses.push(classes[c]);
    return false;
  });
  if (eligible.length < ways) {
    const small = excludedClasses.slice(0, 5).map((name) => `${describe(name)} has ${size(classes.indexOf(name))}`);
    const why = small.length > 0 ? `; too small: ${small.join(", ")}${excludedClasses.length > 5 ? ", …" : ""}` : "";
    throw valueError(
      caller,
      "ways",
      `is ${ways}, but ${eligible.length} classes have shots + queries = ${needed} rows${why}`,
      "at most that many ways, or fewer shots or queries",
    );
  }
  const largest = eligible.map(size).sort((a, b) => b - a);
  const supportTotal = shots.reduce((sum, count) => sum + count, 0);
  const queryTotal = rest
    ? largest.slice(0, ways).reduce((sum, count) => sum + count, 0) - supportTotal
    : queries.reduce((sum, count) => sum + count, 0);

  const pool = rows.slice();
  const choice = Int32Array.from(eligible);
  const swaps: number[] = [];
  const sample = (e: number): Episode => {
    checkCount(e, caller, "e", 0);
    const random = randomStream(seed, "episode", e);
    if (!fixed) draw(choice, 0, choice.length, ways, random, swaps);
    const first = e - (e % drawsPerTask);
    if (!fixed && first < e) {
      // Its own draw of classes only moved its stream on, as in any episode: the task's first episode chooses.
      undo(choice, swaps);
      draw(choice, 0, choice.length, ways, randomStream(seed, "episode", first), swaps);
    }
    const chosen = choice.slice(0, ways);
    undo(choice, swaps);
    let total = queryTotal;
    if (rest) {
      total = -supportTotal;
      for (let way = 0; way < ways; way++) total += size(chosen[way]);
    }
    const support = new Int32Array(supportTotal);
    const supportLabels = new Int32Array(supportTotal);
    const query = new Int32Array(total);
    const queryLabels = new Int32Array(total);
    let s = 0;
    let q = 0;
    for (let way = 0; way < ways; way++) {
      const start = starts[chosen[way]];
      const end = starts[chosen[way] + 1];
      const count = rest ? end - start : shots[way] + queries[way];
      // With all remaining rows as queries only the support is drawn; the rest follow in the order the draw left them.
      draw(pool, start, end, rest ? shots[way] : count, random, swaps);
      for (let i = 0; i < count; i++) {
        if (i < shots[way]) {
          supportLabels[s] = way;
          support[s++] = pool[start + i];
        } else {
          queryLabels[q] = way;
          query[q++] = pool[start + i];
        }
      }
      undo(pool, swaps);
    }
    return { episode: e, classes: chosen, support, supportLabels, query, queryLabels };
  };
  return { ways, excludedClasses, most: { support: supportTotal, query: queryTotal }, sample };
}

/**
 * Draws episode e: Draws `ways` classes, then `shots` support rows and `queries` query rows of each, all without replacement. A pure
 * function of
 * (seed, e): any worker can make any episode, in any order, at the same cost.
 *
 * @param labels - n labels, or the result of `indexLabels`, which saves reading all n labels at every call (`episodeSampler` also saves
 * the options' checks)
 * @param options - ways (5), shots (1), queries (15), seed (0), classes (all), drawsPerTask (1)
 * @param e - the episode's number, 0, 1, …
 * @returns row numbers and labels 0 … ways − 1
 * @throws RangeError naming a class that is unknown or too small, or when fewer classes than ways are large enough
 * @example
 * ```ts
 * import { sampleEpisode } from "softprobe";
 *
 * const labels = ["a", "a", "a", "b", "b", "b"];
 * const { support, query } = sampleEpisode(labels, { ways: 2, shots: 1, queries: 2 }, 0);
 * console.log(support.length, query.length); // → 2 4
 * ```
 */
export function sampleEpisode(labels: Labels | LabelIndex, options: EpisodeOptions, e: number): Episode {
  checkOptions(options as SamplingOptions, "sampleEpisode", episodeOptions);
  return samplerOf(labels, options, "sampleEpisode").sample(e);
}
