import { kindError, shapeError } from "../core/errors.ts";
import type { Evaluation, EvaluationResult } from "../evaluate/results.ts";
import { checkEvaluation, settings } from "./checkResults.ts";
import type { Cell, Column } from "./columns.ts";
import { evaluationCells, evaluationColumns, evaluationNotes } from "./evaluationRows.ts";
import { plusMinus } from "./numbers.ts";
import { verdict } from "./verdict.ts";

/** An evaluation and what to call it beside others: `1-shot`, `Banking77`. */
export interface NamedEvaluation {
  /** Empty: its ways and shots. */
  readonly name: string;
  readonly evaluation: Evaluation;
}

/** One evaluation, or several side by side. */
export type Evaluations = Evaluation | readonly NamedEvaluation[];

/** A table before it is laid out. */
export interface EvaluationColumns {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  readonly notes: readonly string[];
}

function checkNamed(evaluations: readonly NamedEvaluation[], caller: string): readonly NamedEvaluation[] {
  if (evaluations.length === 0) throw shapeError(caller, "evaluations", "no entries", "at least 1");
  return evaluations.map((entry, i) => {
    if (entry === null || typeof entry !== "object" || !("evaluation" in entry))
      throw kindError(caller, `evaluations[${i}]`, entry, "{ name, evaluation }");
    if (typeof entry.name !== "string") throw kindError(caller, `evaluations[${i}].name`, entry.name, "a string");
    checkEvaluation(entry.evaluation, caller, `evaluations[${i}].evaluation`);
    return { ...entry, name: entry.name || settings(entry.evaluation) || `run ${i + 1}` };
  });
}

/** Sentences of several runs, once each: one that not all of them have begins with the names of those that do. */
function jointNotes(named: readonly NamedEvaluation[]): string[] {
  const of = new Map<string, string[]>();
  for (const { name, evaluation } of named) {
    for (const note of evaluationNotes(evaluation)) of.set(note, [...(of.get(note) ?? []), name]);
  }
  return Array.from(of, ([note, names]) => (names.length === named.length ? note : `${names.join(", ")}: ${note}`));
}

const rowName = ({ mask, probe }: EvaluationResult): string => JSON.stringify([mask, probe]);

/** Columns, rows and notes of one evaluation; or of several, a column of accuracies each, with `*` where it differs significantly from what it is compared with. */
export function columnsOfEvaluations(evaluations: Evaluations, caller: string): EvaluationColumns {
  if (!Array.isArray(evaluations)) {
    const evaluation = checkEvaluation(evaluations as Evaluation, caller);
    return { columns: evaluationColumns, rows: evaluation.results.map(evaluationCells), notes: evaluationNotes(evaluation) };
  }
  const named = checkNamed(evaluations, caller);
  const byName = named.map(({ evaluation }) => new Map(evaluation.results.map((result) => [rowName(result), result])));
  const all = [...new Map(byName.flatMap((results) => [...results]))].map(([name, { mask, probe }]) => ({ name, mask, probe }));
  return {
    columns: [
      { title: "mask", align: "left", cut: true },
      { title: "probe", align: "left" },
      ...named.flatMap(({ name }): Column[] => [
        { title: name, align: "right" },
        { title: "", align: "left" },
      ]),
    ],
    rows: all.map(({ name, mask, probe }) => [
      { text: mask },
      { text: probe },
      ...byName.flatMap((results): Cell[] => {
        const result = results.get(name);
        if (!result) return [{ text: "" }, { text: "" }];
        const tone = verdict(result.difference);
        return [{ text: plusMinus(result.accuracy, result.ci95) }, { text: tone === "none" ? "" : "*", tone }];
      }),
    ]),
    notes: [...(named.length > 1 ? ["Accuracy in %."] : []), ...jointNotes(named)],
  };
}
