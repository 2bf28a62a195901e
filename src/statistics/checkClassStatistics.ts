import { kindError, shapeError, valueError } from "../core/errors.ts";
import type { ClassName } from "../core/labels.ts";
import type { ClassStatistics } from "./classStatistics.ts";

/** Checks that `value` is whole class statistics: kinds, lengths, distinct names, counts of at least 1, finite numbers. */
export function checkClassStatistics(value: ClassStatistics, caller: string, argument: string): ClassStatistics {
  const { classes, counts, means, variances, cols } = (value ?? {}) as Partial<ClassStatistics>;
  const arrays = [counts, means, variances].every((array) => array instanceof Float64Array);
  if (!Array.isArray(classes) || !arrays || typeof cols !== "number")
    throw kindError(caller, argument, value, "class statistics {classes, counts, means, variances, cols}");
  const k = classes.length;
  if (!(Number.isInteger(cols) && cols >= 1)) throw valueError(caller, `${argument}.cols`, `is ${cols}`, "a whole number of at least 1");
  if (k === 0) throw shapeError(caller, `${argument}.classes`, "0 names", "at least 1");
  for (const [name, array, length] of [
    ["counts", counts, k],
    ["means", means, k * cols],
    ["variances", variances, k * cols],
  ] as const) {
    if (array!.length !== length)
      throw shapeError(caller, `${argument}.${name}`, `${array!.length} values`, `${length}, for ${k} classes in ${cols} dimensions`);
  }
  const known = new Set<ClassName>();
  classes.forEach((name: unknown, c) => {
    if (!["number", "string", "bigint"].includes(typeof name) || Number.isNaN(name))
      throw kindError(caller, `${argument}.classes[${c}]`, name, "a number, string or bigint");
    if (known.has(name as ClassName)) throw valueError(caller, `${argument}.classes[${c}]`, `is ${String(name)} again`, "every class once");
    known.add(name as ClassName);
    const count = counts![c];
    if (!(Number.isSafeInteger(count) && count >= 1))
      throw valueError(caller, `${argument}.counts[${c}]`, `is ${count}`, "a whole number of at least 1");
  });
  for (let i = 0; i < k * cols; i++) {
    const [mean, variance] = [means![i], variances![i]];
    if (mean - mean === 0 && variance >= 0 && variance < Number.POSITIVE_INFINITY) continue;
    const bad = mean - mean !== 0 ? `mean ${mean}` : `variance ${variance}`;
    throw shapeError(
      caller,
      `${argument} class ${Math.floor(i / cols)}, dimension ${i % cols}`,
      bad,
      "finite ones, variances of at least 0",
    );
  }
  return value;
}

/**
 * Checks that statistics can be those of l2-normalised rows: a class' rows of norm 1 (or 0, where a row was zeros) have squares that sum to a
 * whole number, which means and variances give away.
 */
export function checkUnitRows({ classes, counts, means, variances, cols }: ClassStatistics, caller: string, argument: string): void {
  classes.forEach((name, c) => {
    let squares = 0;
    for (let j = c * cols; j < (c + 1) * cols; j++) squares += counts[c] * means[j] ** 2 + (counts[c] - 1) * variances[j];
    const rows = Math.round(squares);
    if (rows <= counts[c] && Math.abs(squares - rows) <= 1e-6 * counts[c]) return;
    throw valueError(
      caller,
      `${argument} class ${String(name)}`,
      `has rows of mean square ${(squares / counts[c]).toPrecision(4)}`,
      'statistics of rows of norm 1, as classStatistics with normalize: "l2" makes them',
    );
  });
}
