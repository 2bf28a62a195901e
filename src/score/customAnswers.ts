import { kindError, shapeError, valueError } from "../core/errors.ts";
import { checkMatrix, type Matrix } from "../core/matrix.ts";
import type { Episode } from "../episodes/sampleEpisode.ts";
import type { CustomProbe } from "../plan/given.ts";

/** What a probe of the user's own sees of an episode: rows as the mask leaves them. */
export interface SeenRows {
  readonly support: Matrix;
  readonly labels: Int32Array;
  readonly queries: Matrix;
}

/** What it answers: labels 0 … ways − 1, and queries × ways probabilities where they were asked for. */
export interface CustomAnswers {
  readonly answers: Int32Array;
  readonly probabilities: Float64Array | null;
}

/** How far the probabilities of a query may be from 1 in sum: those of 32-bit floats are not exact. */
const sumTolerance = 1e-3;

function checkProbabilities(caller: string, probe: string, given: Matrix, rows: number, ways: number): Float64Array {
  const argument = `${probe}'s probabilities`;
  const { data, rows: n, cols } = checkMatrix(given, caller, argument);
  if (n !== rows || cols !== ways) throw shapeError(caller, argument, `shape ${n} × ${cols}`, `${rows} × ${ways}`);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let c = 0; c < cols; c++) {
      const value = data[i * cols + c];
      if (!(value >= 0 && value <= 1 + 1e-9)) throw valueError(caller, argument, `hold ${value} for query ${i}`, "numbers in 0…1");
      sum += value;
    }
    if (Math.abs(sum - 1) > sumTolerance) throw valueError(caller, argument, `sum to ${sum} for query ${i}`, "1, one probability a class");
  }
  return Float64Array.from(data);
}

function checkAnswers(caller: string, probe: string, given: ArrayLike<number>, queries: number, ways: number): Int32Array {
  if (typeof (given as { readonly then?: unknown } | null)?.then === "function")
    throw kindError(caller, `${probe}'s predictions`, given, "an array: a probe answers at once, without a promise");
  if (given?.length !== queries) throw shapeError(caller, probe, `predicted ${given?.length} labels`, `${queries}, one a query`);
  return Int32Array.from(given, (answer, i) => {
    if (Number.isInteger(answer) && answer >= 0 && answer < ways) return answer;
    const shown = typeof answer === "string" ? `"${answer}"` : String(answer);
    throw valueError(caller, probe, `has predicted ${shown} for query ${i}`, `the place of a class, a whole number in 0…${ways - 1}`);
  });
}

/**
 * Trains a probe of the user's own and asks it for an episode's queries. It gets copies, for it may write to them. What it throws is told with
 * its name and the episode.
 */
export function customAnswers(
  caller: string,
  probe: CustomProbe,
  e: number,
  { classes: { length: ways } }: Pick<Episode, "classes">,
  { support, labels, queries }: SeenRows,
  wantsProbabilities: boolean,
): CustomAnswers {
  const copy = (rows: Matrix): Matrix => ({ ...rows, data: rows.data.slice() });
  const name = `probe ${probe.name}`;
  const given = (() => {
    try {
      const model = probe.fit(copy(support), labels.slice(), ways);
      return {
        answers: probe.predict(model, copy(queries)),
        probabilities: wantsProbabilities ? probe.predictProba!(model, copy(queries)) : null,
      };
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      throw new Error(`${caller}: ${name} failed in episode ${e}: ${what}`, { cause: error });
    }
  })();
  return {
    answers: checkAnswers(caller, name, given.answers, queries.rows, ways),
    probabilities: given.probabilities && checkProbabilities(caller, name, given.probabilities, queries.rows, ways),
  };
}
