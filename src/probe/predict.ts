import { numberedNames, placesOf } from "../core/columnNames.ts";
import { firstNotFinite } from "../core/doubles.ts";
import { describe, shapeError, valueError } from "../core/errors.ts";
import { exp } from "../core/exp.ts";
import { type ClassName, indexGiven, type Labels } from "../core/labels.ts";
import { largestAt } from "../core/largest.ts";
import { checkFinite, checkMatrix, type Matrix } from "../core/matrix.ts";
import { takeColumns } from "../core/takeColumns.ts";
import { withLoops } from "../kernels/loopsInUse.ts";
import { logLossOfRows } from "../statistics/logLossOfRows.ts";
import { headScores, rescalingOf } from "./headScores.ts";
import { checkHead, classesOf, type Head, type Probe } from "./probe.ts";
import { applySteps } from "./steps.ts";

export type { Head } from "./probe.ts";

/** A head alone has temperature 1. */
export const temperatureOf = (head: Head | Probe): number => (head.kind === "probe" ? head.temperature : 1);

/** Rows that are scored at once: bounds their copies. */
const chunkRows = 2048;

/** Features in the order of the columns that a probe was trained on, where both have names. */
function asTrained(head: Head | Probe, features: Matrix, caller: string): Matrix {
  const { columns: wanted } = head as Probe;
  if (!wanted && !features.columns) return features;
  const given = features.columns ?? numberedNames(features.cols);
  const places = placesOf(wanted ?? numberedNames(head.cols), given, caller, "features", "those that the head was trained on");
  return places ? takeColumns(features, places) : features;
}

export function scores(head: Head | Probe, given: Matrix, caller: string): Matrix {
  checkHead(head, caller);
  // Scores show by themselves that a value is not finite, but of PLDA: then only are the features read to name it.
  const [probe, last] = head.kind === "probe" ? [head, head.head] : [null, head];
  const features = asTrained(head, (last.kind === "plda" ? checkFinite : checkMatrix)(given, caller, "features"), caller);
  const { data, rows: n, cols } = features;
  if (cols !== head.cols) throw shapeError(caller, "features", `${cols} columns`, `${head.cols}, as the head was trained on`);
  const rescaling = probe && rescalingOf(probe.steps);
  const k = last.classes.length;
  const out = new Float64Array(n * k);
  withLoops((loops) => {
    for (let from = 0; from < n; from += chunkRows) {
      const rows = Math.min(chunkRows, n - from);
      const part: Matrix = { data: data.subarray(from * cols, (from + rows) * cols), rows, cols };
      let found = probe && !rescaling ? null : headScores(last, part, loops, rescaling);
      if (!found) {
        checkFinite(given, caller, "features");
        found = headScores(last, applySteps(probe!.steps, part, { loops, caller, firstRow: from }), loops)!;
      }
      out.set(found, from * k);
    }
  });
  const wrong = firstNotFinite(out);
  if (wrong >= 0) {
    checkFinite(given, caller, "features");
    throw valueError(caller, "features", `row ${Math.floor(wrong / k)} scores ${out[wrong]} for class ${wrong % k}`, "smaller values");
  }
  return { data: out, rows: n, cols: k };
}

/** The class of the largest score of each row, the first of equals. */
export function answersOf<Label extends ClassName>(head: Head<Label> | Probe<Label>, { data, rows, cols }: Matrix): Label[] {
  const classes = classesOf(head);
  const answers = new Array<Label>(rows);
  for (let i = 0; i < rows; i++) answers[i] = classes[largestAt(data, i * cols, cols)];
  return answers;
}

/** Scores divided by the probe's temperature, in their place. */
export function byTemperature(head: Head | Probe, scored: Matrix, caller: string): Matrix {
  const { data } = scored;
  const temperature = temperatureOf(head);
  if (temperature !== 1) {
    for (let i = 0; i < data.length; i++) data[i] /= temperature;
    if (firstNotFinite(data) >= 0) throw valueError(caller, "temperature", `is ${temperature}`, "one by which scores can be divided");
  }
  return scored;
}

/** Softmax of scores divided by a temperature, row by row, in their place. */
export function softmaxRows(scored: Matrix, temperature: number): Matrix {
  const { data, cols } = scored;
  for (let start = 0; start < data.length; start += cols) {
    const most = data[start + largestAt(data, start, cols)];
    let sum = 0;
    for (let j = start; j < start + cols; j++) sum += data[j] = exp((data[j] - most) / temperature);
    for (let j = start; j < start + cols; j++) data[j] /= sum;
  }
  return scored;
}

/**
 * Scores each class; higher is better: logits of a softmax head, −½ · squared distance of a centroid head, the cosine of a cosine head
 * (0 for a row of zeros), `pldaScores` of a PLDA head. A whole probe, as `fitProbe` makes it, takes raw features and divides the scores
 * by its temperature.
 *
 * @param head - a trained head or probe of k classes on d dimensions
 * @param features - n × d, finite
 * @returns n × k Float64
 * @throws RangeError when the number of columns is not the head's, or a value is not finite
 * @example
 * ```ts
 * import { decisionFunction, fitCentroid, toMatrix } from "softprobe";
 *
 * const head = fitCentroid(toMatrix([[0], [4]]), ["low", "high"]);
 * console.log(head.classes, decisionFunction(head, toMatrix([[1]])).data); // → [ 'high', 'low' ] Float64Array(2) [ -4.5, -0.5 ]
 * ```
 */
export function decisionFunction(head: Head | Probe, features: Matrix): Matrix {
  return byTemperature(head, scores(head, features, "decisionFunction"), "decisionFunction");
}

/**
 * Class probabilities: the softmax of `decisionFunction`.
 *
 * @param head - a trained head or probe of k classes on d dimensions
 * @param features - n × d, finite
 * @returns n × k Float64, rows sum to 1
 * @throws RangeError as `decisionFunction`
 * @example
 * ```ts
 * import { fitCentroid, predictProba, toMatrix } from "softprobe";
 *
 * const head = fitCentroid(toMatrix([[0], [4]]), ["low", "high"]);
 * console.log(predictProba(head, toMatrix([[2]])).data); // → Float64Array(2) [ 0.5, 0.5 ]
 * ```
 */
export function predictProba(head: Head | Probe, features: Matrix): Matrix {
  return softmaxRows(scores(head, features, "predictProba"), temperatureOf(head));
}
/**
 * Predicts the most likely class of each row; of equals, the first.
 *
 * @param head - a trained head or probe on d dimensions
 * @param features - n × d, finite
 * @returns n class names
 * @throws RangeError as `decisionFunction`
 * @example
 * ```ts
 * import { fitCosine, predict, toMatrix } from "softprobe";
 *
 * console.log(predict(fitCosine(toMatrix([[1, 0], [0, 1]]), [7, 9]), toMatrix([[0, 3], [2, 1]]))); // → [ 9, 7 ]
 * ```
 */
export function predict<Label extends ClassName>(head: Head<Label> | Probe<Label>, features: Matrix): Label[] {
  return answersOf(head, scores(head, features, "predict"));
}

/**
 * Accuracy: the share of rows whose predicted class is their label.
 *
 * @param head - a trained head or probe on d dimensions
 * @param features - n × d, n ≥ 1, finite
 * @param labels - n labels; a label that is none of the head's classes counts as wrong
 * @returns a fraction in 0 … 1
 * @throws RangeError when rows and labels differ in number, and as `decisionFunction`
 * @example
 * ```ts
 * import { fitCentroid, score, toMatrix } from "softprobe";
 *
 * const head = fitCentroid(toMatrix([[0], [4]]), ["low", "high"]);
 * console.log(score(head, toMatrix([[1], [3], [5], [1.5]]), ["low", "high", "high", "high"])); // → 0.75
 * ```
 */
export function score(head: Head | Probe, features: Matrix, labels: Labels): number {
  const index = indexGiven(labels, "score");
  const scored = scores(head, features, "score");
  if (index.codes.length !== scored.rows)
    throw shapeError("score", "labels", `${index.codes.length} rows`, `${scored.rows}, one a row of features`);
  const classes = classesOf(head);
  let correct = 0;
  for (let i = 0; i < scored.rows; i++)
    if (classes[largestAt(scored.data, i * scored.cols, scored.cols)] === index.classes[index.codes[i]]) correct++;
  return correct / scored.rows;
}

/**
 * Log loss (cross-entropy): the mean of −ln p(own class), computed from the scores. In double precision a probability below 1e-308
 * becomes 0 and its logarithm −∞. This function instead returns the true value: a head that prefers a wrong class by a score difference
 * of 1000 has a log loss of 1000 on that row.
 *
 * @param head - a trained head or probe on d dimensions
 * @param features - n × d, n ≥ 1, finite
 * @param labels - n labels that the head knows
 * @returns a number ≥ 0, in nats
 * @throws RangeError when rows and labels differ in number, a label is not one of the head's classes, and as `decisionFunction`
 * @see scikit-learn's log_loss, which limits probabilities to 2e-16 … 1 instead; PyTorch's cross_entropy gives the same value as this function
 * @example
 * ```ts
 * import { fitCentroid, logLoss, toMatrix } from "softprobe";
 *
 * const head = fitCentroid(toMatrix([[0], [100]]), ["low", "high"]);
 * console.log(logLoss(head, toMatrix([[0], [100]]), ["low", "low"])); // → 2500
 * ```
 */
export function logLoss(head: Head | Probe, features: Matrix, labels: Labels): number {
  const caller = "logLoss";
  const index = indexGiven(labels, caller);
  const scored = byTemperature(head, scores(head, features, caller), caller);
  if (index.codes.length !== scored.rows)
    throw shapeError(caller, "labels", `${index.codes.length} rows`, `${scored.rows}, one a row of features`);
  const classes = classesOf(head);
  const places = index.classes.map((name) => {
    const c = classes.indexOf(name);
    if (c < 0) throw valueError(caller, "labels", `has ${describe(name)}, which the head does not know`, "one of its classes");
    return c;
  });
  const codes = index.codes.map((code) => places[code]);
  return logLossOfRows(scored.data, codes, scored.cols).reduce((sum, loss) => sum + loss / codes.length, 0);
}
