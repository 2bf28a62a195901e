import { shapeError, valueError } from "../core/errors.ts";
import { type ClassName, plainLabel } from "../core/labels.ts";
import { labelNumber } from "../io/labelValues.ts";
import { featuresOf, labelsOf } from "../node/readFiles.ts";
import { readHead } from "../node/readHead.ts";
import { ignoredWords, labelsBeside, type ReadLabelledOptions } from "../node/readLabelled.ts";
import { classify } from "../probe/classify.ts";
import { classesOf, type Head, type Probe } from "../probe/probe.ts";
import { answersCsv, answersDocument, answersJsonLines, answersTable, someClasses } from "./answersText.ts";
import { type Answers, measureAnswers, unknownClasses } from "./measureAnswers.ts";
import { draws, outputsOf, writeOutputs } from "./outputs.ts";
import { readCommand } from "./readCommand.ts";
import { readingOf } from "./reading.ts";
import { UsageError } from "./usageError.ts";

/** Refuses labels that are the head's classes but for their kind, the text "1" for the number 1: each would count as wrong. */
function checkKinds(answers: Pick<Answers, "classes" | "actual">, labelsPath: string, headPath: string): void {
  const strange = unknownClasses(answers);
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
  const measures = measureAnswers(answers);
  await writeOutputs(outputs, {
    table: ({ colour }) => answersTable(answers, measures, values.rows === true, colour),
    json: () => answersDocument(answers, measures, head, values),
    jsonl: () => answersJsonLines(answers),
    csv: () => answersCsv(answers),
    svg: async () => (await import("../plot/confusionPlot.ts")).confusionPlot(measures!.confusion),
  });
}
