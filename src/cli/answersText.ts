import type { ClassName } from "../core/labels.ts";
import { encodeClass } from "../probe/headToJSON.ts";
import type { Head, Probe } from "../probe/probe.ts";
import { alignColumns, type Cell, type Column } from "../report/columns.ts";
import { toCsv } from "../report/csv.ts";
import type { ConfusionMatrix } from "../statistics/confusionMatrix.ts";
import type { CommandValues } from "./commandTable.ts";
import { type Answers, type Measures, unknownClasses } from "./measureAnswers.ts";

/** Some names for a message: text in quotes, numbers without. */
export function someClasses(names: readonly ClassName[]): string {
  const shown = names.slice(0, 5).map((name) => (typeof name === "string" ? JSON.stringify(name.slice(0, 40)) : String(name)));
  return names.length > 5 ? `${shown.join(", ")}, … (${names.length})` : shown.join(", ");
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
    lines.push(`Their classes are ${someClasses(unknownClasses(answers))}; the head knows ${someClasses(classes)}.`);
  }
  const unlabelled = actual?.filter((label) => label === null).length ?? 0;
  if (unlabelled > 0) lines.push(`${unlabelled} rows have no label: they get an answer but are not measured.`);
  return [...lines, "", ...confusionLines(measures.confusion, colour)];
}

/** For a screen. */
export function answersTable(answers: Answers, measures: Measures | null, withRows: boolean, colour: boolean): string {
  return [...summary(answers, measures, colour), ...(withRows ? ["", ...rowLines(answers, colour)] : [])].join("\n");
}

/** A line a row: label, its probability, whether rejected, and the probabilities of all classes. */
export function answersCsv(answers: Answers): string {
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

/** The same, a JSON record a row. */
export function answersJsonLines(answers: Answers): string {
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

/** The result document, `softprobe/predict@1`. */
export function answersDocument(answers: Answers, measures: Measures | null, head: Head | Probe, values: CommandValues<"predict">): object {
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
