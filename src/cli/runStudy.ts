import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { here } from "../core/workplace.ts";
import { shardOf } from "../evaluate/shardOf.ts";
import { journalFile } from "../node/journalFile.ts";
import { type Lock, takeLock } from "../node/takeLock.ts";
import { threads } from "../node/threads.ts";
import { writeWhole } from "../node/writeWhole.ts";
import { readingOptions } from "../plan/optionTable.ts";
import type { EvaluateOptions } from "../plan/prepareEvaluation.ts";
import { execute } from "../run/execute.ts";
import { shardRange } from "../run/shardRange.ts";
import { askedOfCells, cellSettings, type Study, type StudyCell, studyCells } from "../study/study.ts";
import { fileOptions } from "../study/studyOptions.ts";
import { cellFile, readCell } from "./cellFile.ts";
import { evaluationOf } from "./evaluationOf.ts";
import { given } from "./given.ts";
import { type LoadedRun, loadRun } from "./loadRun.ts";
import { notice, progressLine } from "./output.ts";
import type { ReadingValues } from "./reading.ts";
import { Stopped } from "./untilStopped.ts";

/** What became of a job's cells. */
export interface StudyRan {
  readonly made: number;
  readonly found: number;
  /** Being made by others. */
  readonly busy: number;
  readonly failed: number;
}

export interface RunStudyOptions {
  /** The study's folder of cells, and that of its file, to which paths are relative. */
  readonly folder: string;
  readonly beside: string;
  readonly shard: { readonly shard: number; readonly of: number };
  readonly workers: number;
  readonly signal: AbortSignal;
}

/** Reads the data of a model and a data set; cells that follow each other share them. */
function loader(beside: string, reading: ReadingValues): (cell: StudyCell) => Promise<LoadedRun> {
  let last: { readonly key: string; readonly loaded: LoadedRun } | null = null;
  return async ({ files }) => {
    const key = JSON.stringify(files);
    if (last?.key === key) return last.loaded;
    last?.loaded.streamed?.features.close();
    last?.loaded.streamed?.augmented?.reader.close();
    // Let go first, so that two data sets are never in memory at once.
    last = null;
    const values = Object.fromEntries(
      fileOptions()
        .filter(({ key }) => key in files)
        .map(({ key, name }) => [name, files[key].startsWith("/") ? files[key] : join(beside, files[key])]),
    );
    const loaded = await loadRun({ ...values, ...reading }, { mayStream: true });
    last = { key, loaded };
    return loaded;
  };
}

/** Counts one cell, from where its journal ends, and writes its file whole. */
async function makeCell(study: Study, cell: StudyCell, loaded: LoadedRun, { folder, workers, signal }: RunStudyOptions): Promise<void> {
  const file = cellFile(folder, cell);
  const evaluated = Object.fromEntries(Object.entries(askedOfCells(study)).filter(([name]) => !Object.hasOwn(readingOptions, name)));
  const options = { ...loaded.options, ...evaluated, ways: cell.ways, shots: cell.shots } as EvaluateOptions;
  const plan = shardOf(evaluationOf(loaded, options), {});
  const journal = `${file}.journal`;
  const on = workers > 1 && !loaded.streamed ? threads(workers) : here;
  const part = await execute(plan, {
    on,
    journal: journalFile(journal, { onNotice: notice }),
    signal,
    onProgress: progressLine(cell.name),
  });
  await writeWhole(file, `${JSON.stringify({ ...part, files: cell.files, study: cellSettings(study, cell) })}\n`);
  rmSync(journal, { force: true });
}

/**
 * Makes a job's cells that are not there yet, one after the other. A cell that another process makes is left to it; one that fails is told of, and the others follow.
 */
export async function runStudy(study: Study, options: RunStudyOptions): Promise<StudyRan> {
  const { folder, shard, signal } = options;
  mkdirSync(folder, { recursive: true });
  const load = loader(options.beside, given(study, readingOptions));
  const ran = { made: 0, found: 0, busy: 0, failed: 0 };
  const cells = studyCells(study);
  // A stretch, not every n-th: cells next to each other share their data.
  const { from, to } = shardRange(shard, cells.length, "runStudy");
  for (const cell of cells.slice(from, to)) {
    signal.throwIfAborted();
    let lock: Lock | undefined;
    try {
      if (await readCell(folder, study, cell)) {
        ran.found++;
        continue;
      }
      const file = cellFile(folder, cell);
      try {
        lock = await takeLock(`${file}.lock`, file);
      } catch (error) {
        if (!existsSync(`${file}.lock`)) throw error;
        ran.busy++;
        notice((error as Error).message);
        continue;
      }
      // Whoever had the lock before may have made it.
      if (await readCell(folder, study, cell)) ran.found++;
      else {
        await makeCell(study, cell, await load(cell), options);
        ran.made++;
      }
    } catch (error) {
      if (error instanceof Stopped) throw error;
      ran.failed++;
      notice(`cell ${cell.name}: ${(error as Error).message}`);
    } finally {
      lock?.release();
    }
  }
  return ran;
}
