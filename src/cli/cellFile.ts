import { existsSync } from "node:fs";
import { join } from "node:path";
import type { EvaluationPart } from "../evaluate/part.ts";
import { readJson } from "../node/readFiles.ts";
import { differenceBetween, shown } from "../run/differenceBetween.ts";
import { cellSettings, type Study, type StudyCell } from "../study/study.ts";

/** Where a cell's counts go, in the study's folder. */
export function cellFile(folder: string, { name }: StudyCell): string {
  return join(folder, `${name}.json`);
}

/**
 * Reads a finished cell; null while it is not there.
 *
 * @throws RangeError when the file is no cell of this very study
 */
export async function readCell(folder: string, study: Study, cell: StudyCell): Promise<EvaluationPart | null> {
  const file = cellFile(folder, cell);
  if (!existsSync(file)) return null;
  const part = (await readJson(file)) as (EvaluationPart & { readonly study?: unknown }) | null;
  const other = differenceBetween(part?.study, JSON.parse(JSON.stringify(cellSettings(study, cell))), "study");
  if (other) {
    const wanted = `${shown(other.b)}, as the study has; remove it, or choose another --out`;
    throw new RangeError(`readCell: ${file} is of another study (${other.path} ${shown(other.a)}), expected ${wanted}`);
  }
  return part;
}
