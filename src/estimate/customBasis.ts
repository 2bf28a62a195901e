import type { Basis } from "../basis/basis.ts";
import { checkBasis } from "../basis/checkBasis.ts";
import { kindError, shapeError } from "../core/errors.ts";
import { gatherRows } from "../core/gatherRows.ts";
import type { Matrix } from "../core/matrix.ts";
import { type Views, viewRows } from "../core/views.ts";
import type { Episode } from "../episodes/sampleEpisode.ts";
import type { BaseRows, BaseTask, CustomBasis, SupportTask } from "../plan/given.ts";
import type { EpisodeRun } from "../plan/options.ts";

/** Where base classes come from: rows of the features (and of the base set, where the two are joined), or the base set as it is. */
export type BaseOrigin = { readonly outside: Int32Array } | "given";

/** Whether a basis of the user's own is the same in all episodes. */
export function fixedFor({ from }: CustomBasis, run: EpisodeRun): boolean {
  return from === "base" && run.joined === null && (run.base !== null || run.baseClasses === "none");
}

function copyRows(matrix: Matrix, rows: ArrayLike<number>): Matrix {
  const size = rows.length * matrix.cols;
  const data = matrix.data instanceof Float32Array ? new Float32Array(size) : new Float64Array(size);
  gatherRows(matrix, rows, data);
  return { data, rows: rows.length, cols: matrix.cols };
}

function copyViews({ matrix, views }: Views, images: ArrayLike<number>): Views {
  return { views, matrix: copyRows(matrix, viewRows(images, views)) };
}

const everyRow = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i);

function baseRows(run: EpisodeRun, origin: BaseOrigin): BaseRows | null {
  if (origin === "given") {
    if (!run.base) return null;
    const { features, index } = run.base;
    return { features: copyRows(features, everyRow(features.rows)), labels: index.codes.slice(), augmented: null };
  }
  const { outside } = origin;
  // The joined rows hold the base set, which has no views.
  const { features, index } = run.joined ?? run;
  if (outside.length === 0 || (!run.joined && run.baseStatistics)) return null;
  const labels = Int32Array.from(outside, (row) => index.codes[row]);
  return {
    features: copyRows(features, outside),
    labels,
    augmented: run.joined || !run.augmented ? null : copyViews(run.augmented, outside),
  };
}

/** What is read once is kept: the copy is the user's. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Fits a basis of the user's own. It gets copies, made when it reads them; what it throws is told with its name and, where it has one, the episode. The answer is checked and copied. */
export function fitCustomBasis(caller: string, basis: CustomBasis, run: EpisodeRun, origin: BaseOrigin, episode: Episode | null): Basis {
  const { cols } = run.features;
  const { pool, augmented, features, normalize } = run;
  const base = once(() => baseRows(run, origin));
  const ownPool = once(() => pool && copyViews(pool, everyRow(pool.matrix.rows / pool.views)));
  const shared: BaseTask = {
    cols,
    normalize,
    get base() {
      return base();
    },
    get pool() {
      return ownPool();
    },
  };
  const answer = (): Basis => {
    if (basis.from !== "support") return basis.fit(shared);
    const { support, supportLabels, classes, episode: e } = episode!;
    const task: Omit<SupportTask, keyof BaseTask> = {
      ...{ episode: e, ways: classes.length, support: copyRows(features, support), labels: supportLabels.slice() },
      augmented: augmented && copyViews(augmented, support),
    };
    return basis.fit(Object.defineProperties(task, Object.getOwnPropertyDescriptors(shared)) as SupportTask);
  };
  const name = `basis ${basis.name}`;
  let given: Basis;
  try {
    given = answer();
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new Error(`${caller}: ${name} failed${episode ? ` in episode ${episode.episode}` : ""}: ${what}`, { cause: error });
  }
  if (typeof (given as { readonly then?: unknown } | null)?.then === "function")
    throw kindError(caller, `${name}'s answer`, given, "a Basis: a basis answers at once, without a promise");
  checkBasis(given, caller, name);
  if (given.cols !== cols) throw shapeError(caller, name, `${given.cols} columns`, `${cols}, as features`);
  const { mean, transform, lower, lowRank, psi, within } = given;
  return {
    ...given,
    mean: mean.slice(),
    transform: transform?.slice() ?? null,
    lower: lower?.slice() ?? null,
    lowRank: lowRank && { vectors: lowRank.vectors.slice(), gains: lowRank.gains.slice(), rest: lowRank.rest },
    psi: psi?.slice() ?? null,
    within: within?.slice() ?? null,
  };
}
