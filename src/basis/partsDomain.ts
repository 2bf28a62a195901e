import { log } from "../core/log.ts";
import { studentTCdf } from "../statistics/studentT.ts";

/** What held-out base classes say of rows of a class that a combination has not seen: four numbers that ship with it. */
export interface PartsDomain {
  /** Held-out base classes. */
  readonly classes: number;
  /** Mean over classes of their rows' mean log unexplained share. */
  readonly logMean: number;
  /** Variance between classes of that mean (divisor classes − 1). */
  readonly betweenVariance: number;
  /** Variance within a class of a row's log unexplained share, averaged over classes. */
  readonly withinVariance: number;
  /** Mean over classes of 1 / rows. */
  readonly noise: number;
}

/** Mean and variance of the logarithms of one class' shares above 0. */
function logMoments(shares: readonly number[]): { readonly rows: number; readonly mean: number; readonly variance: number } {
  const logs = shares.filter((share) => share > 0).map(log);
  const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
  const variance = logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, logs.length - 1);
  return { rows: logs.length, mean, variance };
}

/** Sums up the unexplained shares of held-out classes, one list a class; null with fewer than three. */
export function partsDomain(classes: readonly (readonly number[])[]): PartsDomain | null {
  const found = classes.map(logMoments).filter(({ rows }) => rows > 0);
  const k = found.length;
  if (k < 3) return null;
  const logMean = found.reduce((sum, { mean }) => sum + mean, 0) / k;
  const spread = found.filter(({ rows }) => rows > 1);
  return {
    classes: k,
    logMean,
    betweenVariance: found.reduce((sum, { mean }) => sum + (mean - logMean) ** 2, 0) / (k - 1),
    withinVariance: spread.reduce((sum, { variance }) => sum + variance, 0) / Math.max(1, spread.length),
    noise: found.reduce((sum, { rows }) => sum + 1 / rows, 0) / k,
  };
}

/**
 * One-sided p of a support whose classes look like further base classes: small where base rows explain it worse than they explain held-out classes of
 * their own. As `domainCheck`, whose statistic needs a d × d matrix: here one number a row serves.
 *
 * @param classes - unexplained shares of the support's rows, one list a class
 * @returns 1 where nothing can be said
 */
export function partsDomainP(
  { classes: base, logMean, betweenVariance, withinVariance, noise }: PartsDomain,
  classes: readonly (readonly number[])[],
): number {
  const found = classes.map(logMoments).filter(({ rows }) => rows > 0);
  const k = found.length;
  if (k === 0) return 1;
  const sum = found.reduce((all, { mean }) => all + mean, 0);
  const shares = found.reduce((all, { rows }) => all + 1 / rows, 0);
  // A base class' mean holds withinVariance · noise of its own; the support's classes have their own share of it instead.
  const oneClass = Math.max(betweenVariance + withinVariance * (shares / k - noise), (withinVariance * shares) / k, 1e-12);
  const score = (sum / k - logMean) / Math.sqrt(oneClass / k + betweenVariance / base);
  return studentTCdf(-score, base - 1);
}
