import type { Evaluation } from "../evaluate/results.ts";
import { toCsv } from "../report/csv.ts";
import type { Study, StudyCell } from "./study.ts";

/** One mask with one probe in one cell: a row of a table. */
export type StudyRow = Readonly<Record<string, string | number | null>>;

/** The rows of a finished cell. */
export function studyRows(
  { metrics = [] }: Pick<Study, "metrics">,
  { model, dataset, ways, shots }: StudyCell,
  result: Evaluation,
): readonly StudyRow[] {
  return result.results.map(({ mask, probe, accuracy, ci95, difference, ...more }) => ({
    ...{ model, dataset, ways, shots, mask, probe, episodes: result.episodes },
    ...{ accuracy, ci95_low: ci95[0], ci95_high: ci95[1] },
    difference: difference?.mean ?? null,
    difference_low: difference?.ci95[0] ?? null,
    difference_high: difference?.ci95[1] ?? null,
    p: difference?.p ?? null,
    ...Object.fromEntries(metrics.map((metric) => [metric, more.metrics?.[metric]?.mean ?? null])),
    digest: result.digest,
  }));
}

/** Rows as CSV, which tables of any kind read; RFC 4180. */
export function studyCsv(rows: readonly StudyRow[]): string {
  const header = Object.keys(rows[0]);
  return toCsv(
    header,
    rows.map((row) => header.map((key) => row[key])),
  );
}

/** Rows as JSON, one a line. */
export function studyNdjson(rows: readonly StudyRow[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}
