import { access, constants } from "node:fs/promises";
import { dirname } from "node:path";
import { valueError } from "../core/errors.ts";
import { writeWhole } from "../node/writeWhole.ts";
import type { Progress } from "../run/slices.ts";

/** Whether people look at it: colour only on a terminal, and never under NO_COLOR. */
export function wantsColour(): boolean {
  return process.stdout.isTTY === true && !process.env.NO_COLOR;
}

/** Refuses files to be written into a folder that can't take them before the work, not after it. */
export async function checkFolders(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    try {
      await access(dirname(path), constants.W_OK);
    } catch (error) {
      throw valueError("checkOut", path, `could not be written (${(error as NodeJS.ErrnoException).code})`, "a writable folder");
    }
  }
}

/** Writes a command's output to `--out`, whole or not at all, or to stdout. */
export async function deliver(text: string, out: string | undefined): Promise<void> {
  const content = text.endsWith("\n") ? text : `${text}\n`;
  if (out !== undefined) return writeWhole(out, content);
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(content, (error) => (error ? reject(error) : resolve()));
  });
}

/** Milliseconds between two lines of progress where nobody watches: in a log, say. */
const quietMilliseconds = 30_000;

/** A progress line on stderr, on a terminal; elsewhere a line of a log every half minute: share done, rate and time left. `unit` null: of work whose steps have no name, the share alone. */
export function progressLine(label: string, unit: string | null = "episodes"): (progress: Progress) => void {
  const started = performance.now();
  const watched = process.stderr.isTTY === true;
  let said = started;
  return ({ done, total }) => {
    const now = performance.now();
    const seconds = (now - started) / 1000;
    const rate = done / Math.max(seconds, 1e-3);
    const left = done > 0 ? `, ${Math.ceil((total - done) / rate)} s left` : "";
    const share = unit === null ? `${((100 * done) / total).toFixed(0)} %` : `${done}/${total} ${unit}, ${rate.toFixed(0)}/s`;
    if (watched) process.stderr.write(done === total ? "\r\x1b[K" : `\r\x1b[K${label} ${share}${left}`);
    else if (done < total && now - said >= quietMilliseconds) {
      said = now;
      notice(`${label} ${share}${left}`);
    }
  };
}

/** A line on stderr that people should see and no program needs. */
export function notice(text: string): void {
  process.stderr.write(`softprobe: ${text}\n`);
}
