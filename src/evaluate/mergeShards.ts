import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import { version } from "../core/version.ts";
import { countLayout } from "../plan/countLayout.ts";
import { differenceBetween, shown } from "../run/differenceBetween.ts";
import type { Counts } from "../score/score.ts";
import { checkPart } from "./checkPart.ts";
import type { CurvePart, EvaluationPart, Part } from "./part.ts";
import type { Evaluation, MeasuredCurve } from "./results.ts";
import { summariseEvaluation } from "./summarise.ts";
import { summariseCurve } from "./summariseCurve.ts";

export interface MergeOptions {
  /** Names of the parts in errors, such as their files (default `parts[i]`). */
  readonly names?: readonly string[];
}

const mergeOptionNames: OptionNames<MergeOptions> = { names: true };

/** A part with the name that errors give it. */
interface NamedPart {
  readonly part: Part;
  readonly name: string;
}

/** What belongs to one shard alone. */
const ownKeys = new Set(["shard", "of", "from", "to", "files", "study", "ways", "totals", "correct"]);

const heads = (part: Part) => Object.fromEntries(Object.entries(part).filter(([key]) => !ownKeys.has(key)));

/** Refuses parts of another run than the first's. */
function checkSameRun(parts: readonly NamedPart[], caller: string): void {
  const [first] = parts;
  const head = heads(first.part);
  if (first.part.version !== version)
    throw valueError(caller, first.name, `was made by softprobe ${first.part.version.slice(0, 20)}`, `${version}, the version that merges`);
  for (const { part, name } of parts) {
    const found = differenceBetween(heads(part), head, "");
    if (!found) continue;
    const what = found.path === "data" ? "was counted on other data (fingerprint " : `is of another run (${found.path} `;
    throw valueError(caller, name, `${what}${shown(found.a)})`, `${shown(found.b)}, as ${first.name} has`);
  }
}

/** Refuses parts that do not make up the whole: each episode in exactly one. */
function checkWhole(parts: readonly NamedPart[], caller: string): void {
  const { episodes, of } = parts[0].part;
  const sameCut = parts.every(({ part }) => part.of === of);
  const gap = (from: number, to: number): RangeError => {
    const missing = sameCut
      ? Array.from({ length: of }, (_, i) => i + 1).find((shard) => !parts.some(({ part }) => part.shard === shard))
      : undefined;
    const shard = missing === undefined ? "" : `shard ${missing}/${of}, `;
    return shapeError(caller, "parts", `no ${shard}episodes ${from}…${to - 1}`, `every one of ${episodes} episodes once`);
  };
  let at = 0;
  let last: NamedPart | null = null;
  for (const named of parts) {
    const { from, to } = named.part;
    if (from === to) continue;
    if (from > at) throw gap(at, from);
    if (from < at)
      throw shapeError(caller, named.name, `episodes ${from}…${Math.min(at, to) - 1}, which ${last!.name} has too`, "each in one part");
    at = to;
    last = named;
  }
  if (at < episodes) throw gap(at, episodes);
}

function gather(parts: readonly Part[]): Counts {
  const { episodes, width } = parts[0];
  const counts = { correct: new Int32Array(episodes * width), totals: new Int32Array(episodes) };
  for (const { from, correct, totals } of parts) {
    counts.correct.set(correct, from * width);
    counts.totals.set(totals, from);
  }
  return counts;
}

/**
 * Merges all shards of a run into its result document. It is the same to the bit as without shards, whatever their number and order.
 *
 * @param parts - of executed shards (`shardOf`), or read from the files that the command's `--shard` wrote
 * @param options - names of the parts, for errors
 * @returns the result of `evaluate` or of `redundancyCurve`
 * @throws TypeError or RangeError naming a part that is invalid, is of another run, version or data, or repeats episodes of another part;
 * or naming the missing episodes
 * @example
 * ```ts
 * import { syntheticFeatures } from "softprobe";
 * import { execute, mergeShards, planEvaluation, shardOf } from "softprobe/run";
 *
 * const { features, labels } = syntheticFeatures({ seed: 1 });
 * const part = await execute(shardOf(planEvaluation(features, labels, { episodes: 20 }), { shard: 2, of: 3 }));
 * try {
 *   mergeShards([part]);
 * } catch (error) {
 *   console.log((error as Error).message); // → mergeShards: parts has no shard 1/3, episodes 0…5, expected every one of 20 episodes once
 * }
 * ```
 */
export function mergeShards(parts: readonly EvaluationPart[], options?: MergeOptions): Evaluation;
export function mergeShards(parts: readonly CurvePart[], options?: MergeOptions): MeasuredCurve;
export function mergeShards(parts: readonly Part[], options?: MergeOptions): Evaluation | MeasuredCurve;
export function mergeShards(parts: readonly Part[], options: MergeOptions = {}): Evaluation | MeasuredCurve {
  const caller = "mergeShards";
  checkOptions(options, caller, mergeOptionNames);
  if (!Array.isArray(parts)) throw kindError(caller, "parts", parts, "an array of parts");
  if (parts.length === 0) throw shapeError(caller, "parts", "0 entries", "at least 1");
  const named = parts.map((part, i): NamedPart => {
    const name = options.names?.[i] ?? `parts[${i}]`;
    return { part: checkPart(part, caller, name), name };
  });
  checkSameRun(named, caller);
  // The order in which parts come says nothing.
  named.sort((a, b) => a.part.from - b.part.from || a.part.to - b.part.to);
  checkWhole(named, caller);
  const filled = named.map(({ part }) => part).filter(({ from, to }) => to > from);
  const counts = gather(filled);
  const [first] = filled;
  const { config, digest, excludedClasses, drawsPerTask, seed, mostWays } = first;
  const run = { config, digest, excludedClasses, drawsPerTask, seed, most: { ways: mostWays } };
  if (first.kind === "evaluate") {
    const masks = first.masks.map((name) => ({ name }));
    const { probes, metrics, domain } = first;
    const layout = countLayout(masks.length * probes.length, mostWays, metrics, config.C === "auto");
    return withFilesOf(first, summariseEvaluation({ run, masks, probes, metrics, layout }, counts, first.perEpisode, domain));
  }
  const ways = (filled as readonly CurvePart[]).flatMap((part) => part.ways);
  return withFilesOf(first, summariseCurve({ ...first, run, waysOf: (e) => ways[e] }, counts));
}

function withFilesOf<T extends Evaluation | MeasuredCurve>({ files }: Part, result: T): T {
  return files === undefined ? result : { ...result, config: { ...result.config, files } };
}
