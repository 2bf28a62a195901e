import { closeSync, existsSync, fdatasyncSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { checkOptions } from "../core/checkOptions.ts";
import { crc32, crcTable } from "../core/crc32.ts";
import { valueError } from "../core/errors.ts";
import { differenceBetween, shown } from "../run/differenceBetween.ts";
import type { Journal, OpenJournal } from "../run/journal.ts";
import type { Tally } from "../run/tally.ts";

/** Milliseconds between two flushes to the disk: what the power's failing may cost. A killed process costs nothing, flushed or not. */
const flushEvery = 1000;

const prefix = /^\{"crc":"([0-9a-f]{8})",/;

/** Lines with their sums. */
function sums() {
  const table = crcTable();
  const encoder = new TextEncoder();
  return {
    line(body: string, before: number): { readonly text: string; readonly crc: number } {
      const crc = crc32(encoder.encode(body), table, before);
      return { text: `{"crc":"${crc.toString(16).padStart(8, "0")}",${body}\n`, crc };
    },
    /** The CRC and the value of a line; null where it is damaged. */
    read(bytes: Uint8Array, before: number): { readonly crc: number; readonly value: Readonly<Record<string, unknown>> } | null {
      const text = Buffer.from(bytes).toString("utf8");
      const found = prefix.exec(text);
      if (!found) return null;
      const crc = crc32(bytes.subarray(found[0].length), table, before);
      if (crc !== Number.parseInt(found[1], 16)) return null;
      try {
        return { crc, value: JSON.parse(text) };
      } catch {
        return null;
      }
    },
  };
}

/** The body of a line: JSON of an object without its opening brace. */
const bodyOf = (value: object): string => JSON.stringify(value).slice(1);

/** Puts a line's counts in their place; false where they do not fit. */
function take(value: Readonly<Record<string, unknown>>, tallies: readonly Tally[]): boolean {
  const { job = 0, from, totals, correct } = value as { job?: number; from: number; totals: number[]; correct: number[] };
  const tally = tallies[job];
  if (!tally || !Number.isInteger(from) || !Array.isArray(totals) || !Array.isArray(correct)) return false;
  const { from: start, to, width, counts } = tally;
  if (correct.length !== totals.length * width) return false;
  if (from < start || from + totals.length > to || !totals.every((total) => Number.isInteger(total) && total > 0)) return false;
  counts.totals.set(totals, from - start);
  counts.correct.set(correct, (from - start) * width);
  return true;
}

function failed(path: string, error: unknown): Error {
  const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
  return new Error(
    `journal: ${path} could not be written (${reason}), expected room for it; run the same command again to go on from what it holds`,
  );
}

/** Writes all of a text, even where the system takes it bit by bit. */
function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

/** A new file in place of whatever is there, whole or not at all. */
function replace(path: string, text: string): void {
  const fresh = `${path}.tmp`;
  try {
    const file = openSync(fresh, "w");
    try {
      writeAll(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw failed(path, error);
  }
  try {
    const folder = openSync(dirname(path), "r");
    fsyncSync(folder);
    closeSync(folder);
  } catch {
    // Not every system can flush a folder.
  }
}

export interface JournalOptions {
  /** Called with notices for the user, such as damage in the journal. */
  readonly onNotice?: (text: string) => void;
}

/**
 * A journal in a file: `execute(plan, { journal: journalFile(path) })` saves counts in it and resumes from those that it holds, so that a
 * run survives a process that is killed at any moment. Executing the same plan again gives the same bytes as an uninterrupted run. The
 * file stays: remove it once the result is saved.
 *
 * It is a file of JSON lines: the first identifies the plan, and every further line holds the counts of a stretch of episodes. Each line
 * begins with a CRC-32 that continues that of the first line. A line that is torn, damaged or of another plan is therefore noticed, and
 * its episodes are counted again.
 *
 * @param path - the file; only one process may use it at a time
 * @param options - onNotice
 * @returns what the option `journal` takes. It throws a RangeError when the file is not a journal or is that of another plan, and an
 * Error when it cannot be written
 * @example
 * ```ts
 * import { mkdtempSync, readFileSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { evaluate, syntheticFeatures } from "softprobe";
 * import { journalFile } from "softprobe/node";
 *
 * const { features, labels } = syntheticFeatures({ seed: 1 });
 * const path = join(mkdtempSync(join(tmpdir(), "softprobe-")), "run.journal");
 * await evaluate(features, labels, { episodes: 20, journal: journalFile(path) });
 * console.log(readFileSync(path, "utf8").includes("softprobe/journal@1")); // → true
 * ```
 */
export function journalFile(path: string, options: JournalOptions = {}): Journal {
  checkOptions(options, "journalFile", { onNotice: true });
  const { onNotice } = options;
  return {
    open(head, tallies) {
      const opened = openFile(path, head, tallies);
      const { damaged } = opened;
      if (damaged > 0) onNotice?.(`${path} has ${damaged} damaged line${damaged > 1 ? "s: their" : ": its"} episodes are counted again`);
      return opened;
    },
  };
}

/** Takes over what the file holds, and goes on with it. */
function openFile(path: string, head: object, tallies: readonly Tally[]): OpenJournal & { readonly damaged: number } {
  const { line, read } = sums();
  const first = line(bodyOf({ schema: "softprobe/journal@1", head }), 0);
  const kept = [first.text];
  let damaged = 0;
  if (existsSync(path)) {
    const bytes = readFileSync(path);
    let start = 0;
    for (let n = 0; start < bytes.length; n++) {
      const newline = bytes.indexOf(10, start);
      const end = newline < 0 ? bytes.length : newline;
      const own = bytes.subarray(start, end);
      start = end + 1;
      const found = newline < 0 ? null : read(own, n === 0 ? 0 : first.crc);
      if (n === 0) {
        if (found?.value.schema !== "softprobe/journal@1")
          throw valueError("journalFile", path, "is damaged in its first line, or no journal", "one; remove it to count anew");
        const other = differenceBetween(found.value.head, JSON.parse(JSON.stringify(head)), "");
        if (other) {
          const wanted = `${shown(other.b)}; remove it to count anew, or choose another output`;
          throw valueError("journalFile", path, `is the journal of another run (${other.path} ${shown(other.a)})`, wanted);
        }
      } else if (found && take(found.value, tallies)) kept.push(`${Buffer.from(own).toString("utf8")}\n`);
      else damaged++;
    }
  }
  if (kept.length === 1 || damaged > 0) replace(path, kept.join(""));
  let file: number | null = openSync(path, "a");
  let flushed = performance.now();
  return {
    damaged,
    append(job, from, { totals, correct }) {
      if (file === null) return;
      try {
        // The only job of a plan needs no number.
        const where = tallies.length > 1 ? { job, from } : { from };
        writeAll(file, line(bodyOf({ ...where, totals: Array.from(totals), correct: Array.from(correct) }), first.crc).text);
        if (performance.now() - flushed < flushEvery) return;
        fdatasyncSync(file);
        flushed = performance.now();
      } catch (error) {
        throw failed(path, error);
      }
    },
    close() {
      if (file === null) return;
      const own = file;
      file = null;
      try {
        fdatasyncSync(own);
      } catch (error) {
        throw failed(path, error);
      } finally {
        closeSync(own);
      }
    },
  };
}
