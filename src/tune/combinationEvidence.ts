import { fitParts, type PartKernels, type PartRidges } from "../basis/fitParts.ts";
import type { GroupedRows, PartSpace } from "../basis/partSpace.ts";
import { type PartsDomain, partsDomain } from "../basis/partsDomain.ts";
import { randomBelow, randomStream } from "../core/random.ts";
import { logitsOfParts, type OwnKernels, type PartEpisode } from "../pipeline/partLogits.ts";

/** Classes held out together, by their positions among the base classes. */
function evidenceFolds(classes: number): readonly (readonly number[])[] {
  if (classes >= 8) {
    const folds = Math.min(5, Math.max(2, Math.floor(classes / 5)));
    // Neighbours in the order of names are often alike: they go to different folds.
    return Array.from({ length: folds }, (_, f) => Array.from({ length: Math.ceil((classes - f) / folds) }, (_, i) => f + i * folds));
  }
  const pairs: number[][] = [];
  for (let a = 0; a < classes; a++) for (let b = a + 1; b < classes; b++) pairs.push([a, b]);
  return pairs;
}

/** Episodes on held-out base classes at one number of shots, with the logits of every part. */
export interface EvidenceAt {
  readonly shots: number;
  readonly ways: number;
  readonly episodes: readonly EvidenceEpisode[];
}

interface EvidenceEpisode {
  readonly parts: PartKernels;
  readonly episode: PartEpisode;
  /** Of the queries: 0 … ways − 1. */
  readonly labels: Int32Array;
  /** Kernels that its support teaches; null where none are asked for. */
  readonly own: OwnKernels | null;
  /** queries × ways × parts: centroid logits in every kernel, then in those of its own, then the density. */
  readonly logits: Float64Array;
  /** Base classes of the ways. */
  readonly classes: Int32Array;
}

export interface EvidenceTask {
  readonly ways: number;
  readonly shots: readonly number[];
  readonly queries: number;
  readonly seed: number;
  /** Episodes in each fold, at each number of shots. */
  readonly episodes: number;
  readonly ridges?: PartRidges;
  /** Inner products of parts of the user's own, m × m each, of the rows listed. */
  readonly more?: (list: Int32Array) => readonly Float64Array[];
  /** Of parts that an episode's support teaches, with the classes kept: inner products of its rows, m × m each, support first, then queries. */
  readonly ofSupport?: (
    kept: readonly number[],
    episode: { readonly support: Int32Array; readonly labels: Int32Array; readonly rows: Int32Array },
  ) => readonly Float64Array[];
}

interface Draw {
  readonly support: Int32Array;
  readonly query: Int32Array;
  readonly classes: Int32Array;
}

/** An episode of `ways` of the classes given: `shots` and `queries` rows of each, in a random order. */
function drawEpisode(
  { rows, starts }: GroupedRows,
  among: readonly number[],
  size: { ways: number; shots: number; queries: number },
  random: ReturnType<typeof randomStream>,
): Draw {
  const { ways, shots, queries } = size;
  const pool = [...among];
  const support = new Int32Array(ways * shots);
  const query = new Int32Array(ways * queries);
  for (let way = 0; way < ways; way++) {
    const other = way + randomBelow(random, pool.length - way);
    [pool[way], pool[other]] = [pool[other], pool[way]];
    const own = rows.slice(starts[pool[way]], starts[pool[way] + 1]);
    for (let i = 0; i < shots + queries; i++) {
      const at = i + randomBelow(random, own.length - i);
      [own[i], own[at]] = [own[at], own[i]];
    }
    support.set(own.subarray(0, shots), way * shots);
    query.set(own.subarray(shots, shots + queries), way * queries);
  }
  return { support, query, classes: Int32Array.from(pool.slice(0, ways)) };
}

const repeated = (ways: number, times: number): Int32Array => Int32Array.from({ length: ways * times }, (_, i) => Math.floor(i / times));

/**
 * Runs few-shot episodes on base classes that the parts have not seen: for each fold of classes everything is fitted anew without them.
 *
 * @param space - rows of norm 1
 * @param base - its base rows: at least four classes
 * @returns one a number of shots; classes of too few rows are left out, and with fewer than two left in every fold there is no evidence at that number
 */
export function combinationEvidence(space: PartSpace, base: GroupedRows, task: EvidenceTask): readonly EvidenceAt[] {
  const { memory } = space.kernels;
  const k = base.starts.length - 1;
  const size = (c: number) => base.starts[c + 1] - base.starts[c];
  const out = task.shots.map((shots) => ({ shots, ways: 0, episodes: [] as EvidenceEpisode[] }));
  const folds = evidenceFolds(k);
  // Ways that every fold can give, so that all episodes weigh alike.
  const plans = task.shots.map((shots) => {
    const eligible = folds.map((fold) => fold.filter((c) => size(c) >= shots + Math.min(task.queries, 3)));
    const enough = eligible.filter((fold) => fold.length >= 2);
    const ways = Math.min(
      task.ways,
      enough.reduce((least, fold) => Math.min(least, fold.length), Number.POSITIVE_INFINITY),
    );
    return { eligible, ways };
  });
  folds.forEach((fold, f) => {
    const draws = plans.map(({ eligible, ways }, s) => {
      const among = eligible[f];
      if (among.length < ways) return [];
      const shots = task.shots[s];
      const queries = among.reduce((most, c) => Math.min(most, size(c) - shots), task.queries);
      const random = randomStream(task.seed, "tune", f * 1000 + s);
      return Array.from({ length: task.episodes }, () => drawEpisode(base, among, { ways, shots, queries }, random));
    });
    const used = [...new Set(draws.flatMap((list) => list.flatMap(({ support, query }) => [...support, ...query])))].sort((a, b) => a - b);
    if (used.length === 0) return;
    const kept = Array.from({ length: k }, (_, c) => c).filter((c) => !fold.includes(c));
    // Classes of one row each say nothing of what varies within.
    if (!kept.some((c) => size(c) > 1)) return;
    const mark = memory.mark();
    const list = Int32Array.from(used);
    const fitted = fitParts(space, takeClasses(base, kept), task.ridges).of(list);
    const parts = task.more ? { ...fitted, grams: [...fitted.grams, ...task.more(list)] } : fitted;
    memory.release(mark);
    const place = new Map(used.map((row, i) => [row, i]));
    draws.forEach((list, s) => {
      const { ways } = plans[s];
      out[s].ways = ways;
      for (const { support, query, classes } of list) {
        const episode = {
          support: support.map((row) => place.get(row)!),
          supportLabels: repeated(ways, support.length / ways),
          query: query.map((row) => place.get(row)!),
          ways,
        };
        const labels = repeated(ways, query.length / ways);
        const own = task.ofSupport ? ownKernels(task.ofSupport, kept, { support, query, labels: episode.supportLabels }) : null;
        out[s].episodes.push({ parts, episode, labels, classes, own, logits: logitsOfParts(parts, episode, own) });
      }
    });
  });
  return out;
}

/** Kernels of an episode's own rows, by their positions in it. */
function ownKernels(
  products: NonNullable<EvidenceTask["ofSupport"]>,
  kept: readonly number[],
  { support, query, labels }: { readonly support: Int32Array; readonly query: Int32Array; readonly labels: Int32Array },
): OwnKernels {
  const rows = Int32Array.from([...support, ...query]);
  return { count: rows.length, grams: products(kept, { support, labels, rows }) };
}

/** What held-out classes say of classes to come: the unexplained share of each of their rows that an episode used. */
export function evidenceDomain(evidence: readonly EvidenceAt[]): PartsDomain | null {
  const shares = new Map<number, Map<PartKernels, Map<number, number>>>();
  for (const { episodes } of evidence) {
    for (const { parts, episode, labels, classes } of episodes) {
      const put = (row: number, c: number): void => {
        const own = shares.get(c) ?? new Map<PartKernels, Map<number, number>>();
        const rows = own.get(parts) ?? new Map<number, number>();
        shares.set(c, own.set(parts, rows.set(row, parts.unexplained[row])));
      };
      for (let i = 0; i < episode.support.length; i++) put(episode.support[i], classes[episode.supportLabels[i]]);
      for (let i = 0; i < episode.query.length; i++) put(episode.query[i], classes[labels[i]]);
    }
  }
  // A class that several folds hold out is one class all the same.
  return partsDomain([...shares.values()].map((own) => [...own.values()].flatMap((rows) => [...rows.values()])));
}

/** The rows of some of the classes. */
export function takeClasses({ rows, starts }: GroupedRows, classes: readonly number[]): GroupedRows {
  const next = [0];
  const taken: number[] = [];
  for (const c of classes) {
    for (let i = starts[c]; i < starts[c + 1]; i++) taken.push(rows[i]);
    next.push(taken.length);
  }
  return { rows: Int32Array.from(taken), starts: Int32Array.from(next) };
}
