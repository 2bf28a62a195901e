import { existsSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { mergeShards } from "../evaluate/mergeShards.ts";
import { writeWhole } from "../node/writeWhole.ts";
import { type Study, type StudyCell, studyCells } from "../study/study.ts";
import { type StudyRow, studyCsv, studyNdjson, studyRows } from "../study/studyRows.ts";
import { studySchema } from "../study/studySchema.ts";
import { cellFile, readCell } from "./cellFile.ts";
import type { CommandValues } from "./commandTable.ts";
import { deliver } from "./output.ts";
import { readWords } from "./readCommand.ts";
import { readStudy } from "./readStudy.ts";
import { runStudy } from "./runStudy.ts";
import { shardOption } from "./shardOption.ts";
import { untilStopped } from "./untilStopped.ts";
import { UsageError } from "./usageError.ts";

/** A study and the folder of its cells. */
interface Place {
  readonly study: Study;
  readonly file: string;
  readonly folder: string;
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;

async function run({ study, file, folder }: Place, values: CommandValues<"study">): Promise<void> {
  const shard = shardOption(values.shard) ?? { shard: 1, of: 1 };
  const workers = values.workers ?? 1;
  const kept = `what is counted is kept in ${folder}: run the same command again to go on`;
  const ran = await untilStopped(kept, (signal) => runStudy(study, { folder, beside: dirname(file), shard, workers, signal }));
  const busy = ran.busy > 0 ? `, ${ran.busy} in progress elsewhere` : "";
  const text = `${count(ran.made, "cell")} made, ${ran.found} there before${busy}, ${ran.failed} failed`;
  if (ran.failed > 0) throw new Error(`study: ${text}`);
  await deliver(text, undefined);
}

/** Whether a cell is there, begun or still open. */
async function stateOf({ study, folder }: Place, cell: StudyCell): Promise<"done" | "begun" | "open"> {
  if (await readCell(folder, study, cell)) return "done";
  return existsSync(`${cellFile(folder, cell)}.journal`) ? "begun" : "open";
}

async function status(place: Place, values: CommandValues<"study">): Promise<void> {
  const cells: { name: string; state: string }[] = [];
  for (const cell of studyCells(place.study)) cells.push({ name: cell.name, state: await stateOf(place, cell) });
  const of = (state: string): number => cells.filter((cell) => cell.state === state).length;
  const counts = { done: of("done"), begun: of("begun"), open: of("open") };
  const text = `${count(cells.length, "cell")}: ${counts.done} done, ${counts.begun} begun, ${counts.open} open`;
  await deliver(
    values.json ? JSON.stringify({ schema: "softprobe/study-status@1", folder: place.folder, ...counts, cells }) : text,
    undefined,
  );
}

async function merge({ study, folder }: Place, values: CommandValues<"study">): Promise<void> {
  const cells = studyCells(study);
  const rows: StudyRow[] = [];
  const missing: string[] = [];
  for (const cell of cells) {
    const part = await readCell(folder, study, cell);
    if (part) rows.push(...studyRows(study, cell, mergeShards([part], { names: [cellFile(folder, cell)] })));
    else missing.push(cell.name);
  }
  if (missing.length > 0 && !values.partial) {
    const more = missing.length > 1 ? ` and ${missing.length - 1} more` : "";
    throw new RangeError(
      `study: ${folder} has no cell ${missing[0]}${more} of ${cells.length}, expected all; run them, or merge with --partial`,
    );
  }
  if (rows.length === 0) throw new RangeError(`study: ${folder} has no cells yet, expected at least 1`);
  await writeWhole(join(folder, "results.csv"), studyCsv(rows));
  await writeWhole(join(folder, "results.ndjson"), studyNdjson(rows));
  const text = `${count(rows.length, "row")} of ${count(cells.length - missing.length, "cell")}: ${join(folder, "results.csv")}, ${join(folder, "results.ndjson")}`;
  await deliver(values.json ? JSON.stringify({ schema: "softprobe/study-results@1", missing, rows }) : text, undefined);
}

const actions: Readonly<Record<string, (place: Place, values: CommandValues<"study">) => Promise<void>>> = { run, status, merge };

/** `softprobe study`. */
export async function studyCommand(args: readonly string[]): Promise<void> {
  const { values, words } = readWords("study", args);
  const [action, file, ...more] = words;
  if (action === "schema" && file === undefined) return deliver(`${JSON.stringify(studySchema(), null, 2)}`, values.out);
  if (action === undefined || !Object.hasOwn(actions, action))
    throw new UsageError(`study is "${action ?? ""}", expected run, status, merge or schema`);
  if (file === undefined || more.length > 0)
    throw new UsageError(`study ${action} has ${words.length - 1} files, expected one, such as study.yaml`);
  const study = await readStudy(file);
  const folder = values.out ?? join(dirname(file), `${basename(file, extname(file))}-results`);
  await actions[action]({ study, file, folder }, values);
}
