import { shapeError, valueError } from "../core/errors.ts";
import { type ClassName, plainLabel } from "../core/labels.ts";
import { labelNumber } from "../io/labelValues.ts";
import { featuresOf, labelsOf } from "../node/readFiles.ts";
import { readHead } from "../node/readHead.ts";
import { ignoredWords, labelsBeside, type ReadLabelledOptions } from "../node/readLabelled.ts";
import { type Classification, classify } from "../probe/classify.ts";
import { encodeClass } from "../probe/headToJSON.ts";
import { logLossOfRows } from "../probe/heldOutLoss.ts";
import { classesOf, type Head, type Probe } from "../probe/probe.ts";
import { alignColumns, type Cell, type Column } from "../report/columns.ts";
import { toCsv } from "../report/csv.ts";
import { balancedAccuracy } from "../statistics/balancedAccuracy.ts";
import { type ConfusionMatrix, confusionMatrix } from "../statistics/confusionMatrix.ts";
import { expectedCalibrationError } from "../statistics/expectedCalibrationError.ts";
import { proportionInterval } from "../statistics/proportionInterval.ts";
import type { CommandValues } from "./commandTable.ts";
import { draws, outputsOf, writeOutputs } from "./outputs.ts";
import { readCommand } from "./readCommand.ts";
import { readingOf } from "./reading.ts";
import { UsageError } from "./usageError.ts";

/** How good answers are, where the truth is known. */
interface Measures {
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
interface Answers extends Classification {
  readonly classes: ReturnType<typeof classesOf>;
  /** n: each row's own class as results name it, null where it has none; null where no labels are given. */
  readonly actual: readonly (ClassName | null)[] | null;
  readonly rejects: boolean;
}

/** Some names for a message: text in quotes, numbers without. */
function someClasses(names: readonly ClassName[]): string {
  const shown = names.slice(0, 5).map((name) => (typeof name === "string" ? JSON.stringify(name.slice(0, 40)) : String(name)));
  return names.length > 5 ? `${shown.join(", ")}, … (${names.length})` : shown.join(", ");
}

/** The labels that a head does not know. */
function strangers({ classes, actual }: Pick<Answers, "classes" | "actual">): readonly ClassName[] {
  const known = new Set<ClassName | null>([...classes, null]);
  return Array.from(new Set(actual)).filter((label): label is ClassName => !known.has(label));
}

/** Refuses labels that are the head's classes but for their kind, the text "1" for the number 1: each would count as wrong. */
function checkKinds(answers: Pick<Answers, "classes" | "actual">, labelsPath: string, headPath: string): void {
  const strange = strangers(answers);
  const spelled = new Map(answers.classes.map((name) => [String(name), name]));
  const twin = (label: ClassName): ClassName | undefined =>
    spelled.get(String(label)) ?? (typeof label === "string" ? spelled.get(String(labelNumber(label))) : undefined);
  if (!strange.some((label) => twin(label) !== undefined)) return;
  const kind = typeof strange[0] === "string" ? "text" : "numbers";
  throw valueError(
    "predict",
    labelsPath,
    `has the labels ${someClasses(strange)}, which are ${kind}`,
    `${someClasses(answers.classes)}, as the head of ${headPath} was trained on`,
  );
}

/** Each row's own class; null where its label means that it has none. */
async function actualClasses(path: string, rows: number, head: Head | Probe, reading: ReadLabelledOptions): Promise<(ClassName | null)[]> {
  const classes = classesOf(head);
  // A text says of no label whether it is a number: the head does.
  const words = classes.every((name) => typeof name === "string") && classes.some((name) => labelNumber(name) !== null);
  const { labels, rows: kept, count } = await labelsOf(path, reading, ignoredWords(reading.ignoreLabels, "predict"), "readLabels", words);
  if (count !== rows) throw shapeError("predict", path, `${count} labels`, `${rows}, one a row of the features`);
  const actual = new Array<ClassName | null>(count).fill(null);
  for (let i = 0; i < labels.length; i++) actual[kept ? kept[i] : i] = plainLabel(labels[i]);
  return actual;
}

function measure({ labels, scores, probabilities, rejected, classes, actual }: Answers): Measures | null {
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

/** The probability of each row's label. */
function probabilityOf({ probabilities: { data, cols } }: Answers, i: number): number {
  return Math.max(...data.subarray(i * cols, (i + 1) * cols));
}

/** Every row: its label, how probable it is, and its own class where that is known. */
function rowLines(answers: Answers, colour: boolean): string[] {
  const { labels, rejected, actual, rejects } = answers;
  const columns: Column[] = [
    { title: "row", align: "right" },
    { title: "label", align: "left", cut: true },
    { title: "probability", align: "right" },
    ...(rejects ? [{ title: "", align: "left" } as const] : []),
    ...(actual ? [{ title: "actual", align: "left", cut: true } as const] : []),
  ];
  const rows = labels.map((label, i): Cell[] => {
    const wrong = actual && actual[i] !== null && actual[i] !== label;
    return [
      { text: String(i) },
      { text: String(label), tone: wrong ? "worse" : "none" },
      { text: probabilityOf(answers, i).toFixed(3) },
      ...(rejects ? [{ text: rejected[i] ? "rejected" : "", tone: "faint" } as const] : []),
      ...(actual ? [{ text: String(actual[i] ?? "") }] : []),
    ];
  });
  return alignColumns(columns, rows, { colour });
}

/** More classes than this are no table for a screen. */
const mostShown = 20;

/** Who was taken for whom: true classes down, predicted ones across. */
function confusionLines({ classes, counts }: ConfusionMatrix, colour: boolean): string[] {
  const k = classes.length;
  if (k > mostShown) return [`Confusion of ${k} classes: too wide for a table; --plot draws it, --json holds it.`];
  const columns: Column[] = [
    { title: "actual \\ predicted", align: "left", cut: true },
    ...classes.map((name) => ({ title: String(name), align: "right" }) as const),
  ];
  const rows = classes.map((name, a): Cell[] => [
    { text: String(name) },
    ...classes.map((_, p): Cell => {
      const count = counts[a * k + p];
      return { text: count === 0 ? "·" : String(count), tone: count === 0 ? "faint" : a === p ? "none" : "worse" };
    }),
  ]);
  return alignColumns(columns, rows, { colour });
}

/** What the answers come to: how many rows of which class, and how good they are where the truth is known. */
function summary(answers: Answers, measures: Measures | null, colour: boolean): string[] {
  const { labels, rejected, classes, rejects, actual } = answers;
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  const n = labels.length;
  const counts = new Map(classes.map((name) => [name, 0]));
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const found = [...counts].filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1]);
  const shown = found.slice(0, mostShown).map(([name, count]) => `${name}: ${count}`);
  const declined = rejected.filter(Boolean).length;
  const lines = [
    `${n} ${n === 1 ? "row" : "rows"}, by predicted class: ${shown.join(", ")}${found.length > mostShown ? `, and ${found.length - mostShown} classes more` : ""}.`,
    ...(rejects ? [`Declined: ${declined} of ${n} rows.`] : []),
  ];
  if (!measures) return lines;
  const { accuracy, ci95, logLoss, unknownRows, coverage, accuracyOfAnswers } = measures;
  const loss = logLoss === null ? "–" : logLoss.toFixed(3);
  lines.push(
    `Accuracy ${percent(accuracy)}, 95 % interval ${percent(ci95[0])} – ${percent(ci95[1])}.`,
    `Balanced accuracy ${percent(measures.balancedAccuracy)}, log loss ${loss}, calibration error (ECE) ${measures.expectedCalibrationError.toFixed(3)}.`,
  );
  if (rejects)
    lines.push(
      `Answered ${percent(coverage)} of the rows${accuracyOfAnswers === null ? "." : `, ${percent(accuracyOfAnswers)} of them right.`}`,
    );
  if (unknownRows > 0) {
    lines.push(`${unknownRows} rows have classes that the head does not know: they count as wrong.`);
    lines.push(`Their classes are ${someClasses(strangers(answers))}; the head knows ${someClasses(classes)}.`);
  }
  const unlabelled = actual?.filter((label) => label === null).length ?? 0;
  if (unlabelled > 0) lines.push(`${unlabelled} rows have no label: they get an answer but are not measured.`);
  return [...lines, "", ...confusionLines(measures.confusion, colour)];
}

function table(answers: Answers, measures: Measures | null, withRows: boolean, colour: boolean): string {
  return [...summary(answers, measures, colour), ...(withRows ? ["", ...rowLines(answers, colour)] : [])].join("\n");
}

function csv(answers: Answers): string {
  const { labels, probabilities, rejected, classes, actual } = answers;
  const { data, cols: k } = probabilities;
  const head = ["row", "label", "probability", "rejected", ...(actual ? ["actual"] : []), ...classes.map((name) => `p(${name})`)];
  const rows = labels.map((label, i) => [
    ...[i, String(label), probabilityOf(answers, i), String(rejected[i])],
    ...(actual ? [String(actual[i] ?? "")] : []),
    ...data.subarray(i * k, (i + 1) * k),
  ]);
  return toCsv(head, rows);
}

function jsonLines(answers: Answers): string {
  const { labels, probabilities, rejected, actual } = answers;
  const { data, cols: k } = probabilities;
  const lines = labels.map((label, row) =>
    JSON.stringify({
      ...{ row, label: encodeClass(label), probability: probabilityOf(answers, row), rejected: rejected[row] },
      ...(actual ? { actual: actual[row] === null ? null : encodeClass(actual[row]) } : {}),
      probabilities: Array.from(data.subarray(row * k, (row + 1) * k)),
    }),
  );
  return lines.map((line) => `${line}\n`).join("");
}

function document(answers: Answers, measures: Measures | null, head: Head | Probe, values: CommandValues<"predict">): object {
  const { labels, probabilities, rejected, classes } = answers;
  const { data, cols: k } = probabilities;
  const files = Object.fromEntries(
    (["head", "features", "labels"] as const).filter((name) => values[name] !== undefined).map((name) => [name, values[name]]),
  );
  const told = measures && {
    ...measures,
    confusion: { classes: measures.confusion.classes.map(encodeClass), counts: Array.from(measures.confusion.counts) },
  };
  return {
    schema: "softprobe/predict@1",
    config: { files, probe: head.kind === "probe" ? head.head.kind : head.kind, rejection: head.kind === "probe" ? head.rejection : null },
    digest: head.kind === "probe" ? (head.provenance?.digest ?? null) : null,
    classes: classes.map(encodeClass),
    labels: labels.map(encodeClass),
    probabilities: labels.map((_, i) => Array.from(data.subarray(i * k, (i + 1) * k))),
    ...{ rejected, measures: told },
  };
}

/** `softprobe predict`. */
export async function predictCommand(args: readonly string[]): Promise<void> {
  const values = readCommand("predict", args);
  const { head: headPath, features: featuresPath, labels: labelsPath } = values;
  if (headPath === undefined || featuresPath === undefined)
    throw new UsageError(`--${headPath === undefined ? "head" : "features"} is missing`);
  const outputs = await outputsOf(values, ["table", "json", "jsonl", "csv", "svg"]);
  if (draws(outputs) && labelsPath === undefined) throw new UsageError("--labels is missing: the picture is of true and predicted classes");
  const head = await readHead(headPath);
  const reading = readingOf(values);
  const { ignoreLabels: _, ...columns } = reading;
  const align = head.kind === "probe" && columns.columns === undefined ? head.columns : undefined;
  const beside = labelsPath === undefined ? undefined : await labelsBeside(featuresPath, labelsPath);
  const features = await featuresOf(featuresPath, { ...columns, align }, beside, "readFeatures");
  const named = head.kind === "probe" && head.columns !== undefined && features.columns !== undefined;
  if (features.cols !== head.cols && !named)
    throw shapeError("predict", featuresPath, `${features.cols} dimensions`, `${head.cols}, as the head of ${headPath}`);
  const actual = labelsPath === undefined ? null : await actualClasses(labelsPath, features.rows, head, reading);
  if (actual) checkKinds({ classes: classesOf(head), actual }, labelsPath!, headPath);
  const answers: Answers = {
    ...classify(head, features),
    classes: classesOf(head),
    actual,
    rejects: head.kind === "probe" && head.rejection !== null,
  };
  const measures = measure(answers);
  await writeOutputs(outputs, {
    table: ({ colour }) => table(answers, measures, values.rows === true, colour),
    json: () => document(answers, measures, head, values),
    jsonl: () => jsonLines(answers),
    csv: () => csv(answers),
    svg: async () => (await import("../plot/confusionPlot.ts")).confusionPlot(measures!.confusion),
  });
}
