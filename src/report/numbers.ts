/** Stands where a number is missing or not finite, such as the interval of a single episode (JSON writes it as null). */
const MISSING = "n/a";

/** A fraction of 1 as percent without its sign, `0.8063` → `80.6`. */
export function percent(value: number, digits = 1): string {
  return Number.isFinite(value) ? (100 * value).toFixed(digits) : MISSING;
}

/** A difference of fractions as points with its sign, `-0.024` → `−2.4`; the true minus, so that columns of digits line up. */
export function points(value: number, digits = 1): string {
  if (!Number.isFinite(value)) return MISSING;
  const size = Math.abs(100 * value).toFixed(digits);
  if (Number(size) === 0) return size;
  return (value < 0 ? "−" : "+") + size;
}

/** A p value: three decimals, and `<0.001` below. */
export function pValue(value: number): string {
  if (!Number.isFinite(value)) return MISSING;
  return value < 0.001 ? "<0.001" : value.toFixed(3);
}

/** An accuracy with half the width of its interval, in percent: `80.6 ± 0.8`. */
export function plusMinus(mean: number, [low, high]: readonly [number, number]): string {
  return `${percent(mean)} ± ${Number.isFinite(low) && Number.isFinite(high) ? percent((high - low) / 2) : MISSING}`;
}

/** An interval of differences in points: `[+3.5, +5.1]`. */
export function pointsInterval([low, high]: readonly [number, number]): string {
  return `[${points(low)}, ${points(high)}]`;
}

/** A share of dimensions as percent in at most three digits: `100`, `12.5`, `0.078`. */
export function share(value: number): string {
  return Number.isFinite(value) ? String(Number((100 * value).toPrecision(3))) : MISSING;
}
