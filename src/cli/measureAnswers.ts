import type { ClassName } from "../core/labels.ts";
import type { Classification } from "../probe/classify.ts";
import { logLossOfRows } from "../probe/heldOutLoss.ts";
import type { classesOf } from "../probe/probe.ts";
import { balancedAccuracy } from "../statistics/balancedAccuracy.ts";
import { type ConfusionMatrix, confusionMatrix } from "../statistics/confusionMatrix.ts";
import { expectedCalibrationError } from "../statistics/expectedCalibrationError.ts";
import { proportionInterval } from "../statistics/proportionInterval.ts";

/** How good answers are, where the truth is known. */
export interface Measures {
  readonly accuracy: number;
  /** Wilson's 95 % interval of it. */
  readonly ci95: readonly [number, number];
  /** Rows by true class (down) and predicted one (across). */
  readonly confusion: ConfusionMatrix;
  readonly balancedAccuracy: number;
  /** Mean −ln p(own class), from the scores, over the rows of classes that the head knows; null where there are none. */
  readonly logLoss: number | null;
  readonly expectedCalibrationError: number;
  /** Rows whose class the head does not know: each counts as wrong. */
  readonly unknownRows: number;
  /** Share of rows that got an answer, and the accuracy on them (null where none did). */
  readonly coverage: number;
  readonly accuracyOfAnswers: number | null;
}

/** Answers, and what they are held to. */
export interface Answers extends Classification {
  readonly classes: ReturnType<typeof classesOf>;
  /** n: each row's own class as results name it, null where it has none; null where no labels are given. */
  readonly actual: readonly (ClassName | null)[] | null;
  readonly rejects: boolean;
}

/** The labels that a head does not know. */
export function unknownClasses({ classes, actual }: Pick<Answers, "classes" | "actual">): readonly ClassName[] {
  const known = new Set<ClassName | null>([...classes, null]);
  return Array.from(new Set(actual)).filter((label): label is ClassName => !known.has(label));
}

/** Holds answers to the rows' own classes; null where these are not known. */
export function measureAnswers({ labels, scores, probabilities, rejected, classes, actual }: Answers): Measures | null {
  if (!actual) return null;
  const { data, cols: k } = probabilities;
  const rows = Array.from(actual.keys()).filter((i) => actual[i] !== null);
  const own = rows.map((i) => actual[i]!);
  const n = rows.length;
  const correct = rows.map((i) => labels[i] === actual[i]);
  const top = rows.map((i) => Math.max(...data.subarray(i * k, (i + 1) * k)));
  const position = new Map(classes.map((name, c) => [name, c]));
  const known = rows.filter((i) => position.has(actual[i]!));
  const losses = known.map((i) => logLossOfRows(scores.data.subarray(i * k, (i + 1) * k), [position.get(actual[i]!)!], k)[0]);
  const answered = rows.map((i) => !rejected[i]);
  const share = (flags: readonly boolean[]): number => flags.filter(Boolean).length / n;
  const coverage = share(answered);
  const confusion = confusionMatrix(
    own,
    rows.map((i) => labels[i]),
  );
  return {
    accuracy: share(correct),
    ci95: proportionInterval(correct.filter(Boolean).length, n),
    confusion,
    balancedAccuracy: balancedAccuracy(confusion),
    logLoss: known.length === 0 ? null : losses.reduce((sum, loss) => sum + loss / known.length, 0),
    expectedCalibrationError: expectedCalibrationError(top, correct),
    unknownRows: n - known.length,
    coverage,
    accuracyOfAnswers: coverage === 0 ? null : share(correct.map((right, i) => right && answered[i])) / coverage,
  };
}
