import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, readlinkSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";

/** A held lock. */
export interface Lock {
  release(): void;
}

/** Who holds a lock: enough to tell whether that very process still lives. */
interface Holder {
  readonly pid: number;
  /** When the process began, in the system's own terms, since numbers are used again; null where it can't be known. */
  readonly start: string | null;
  /** The host, this boot of it and this space of process numbers: elsewhere a number says nothing. */
  readonly place: string;
  readonly host: string;
  /** Tells one taking of the lock from another. */
  readonly id: string;
}

/** Milliseconds between two beats of a held lock. */
const beatEvery = 10_000;
/** A holder that can't be looked at and has not beaten for so long is gone. */
const silence = 60_000;

const attempt = <T>(run: () => T): T | null => {
  try {
    return run();
  } catch {
    return null;
  }
};

/** When a process began, after Linux; null elsewhere, or when there is no such process but a dead one that its parent has not heard of yet. */
function startOf(pid: number): string | null {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  if (stat === null) return null;
  // The name in brackets may hold anything; the first field after it is the state, the 20th the start.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? null : (fields[19] ?? null);
}

function placeOf(): string {
  const boot = attempt(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()) ?? "";
  return [hostname(), boot, attempt(() => readlinkSync("/proc/self/ns/pid")) ?? ""].join(" ");
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Whether the holder is at work, gone, or out of sight. */
function stateOf(holder: Holder): "alive" | "gone" | "unknown" {
  if (holder.place !== placeOf()) return "unknown";
  if (!isAlive(holder.pid)) return "gone";
  if (holder.start === null) return "unknown";
  return startOf(holder.pid) === holder.start ? "alive" : "gone";
}

function parse(text: string): Holder | null {
  const value = attempt(() => JSON.parse(text) as Partial<Holder> | null);
  const fits = typeof value?.pid === "number" && value.pid > 0 && typeof value.place === "string" && typeof value.id === "string";
  return fits ? (value as Holder) : null;
}

/** Watches a lock: does it beat, is it silent, or another by now? By this machine's own clock, since two clocks are never compared. */
async function watch(path: string, text: string, patience: number): Promise<"beats" | "silent" | "changed"> {
  const time = () => attempt(() => statSync(path).mtimeMs);
  const first = time();
  const until = performance.now() + patience;
  while (performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(500, patience / 4)));
    if (attempt(() => readFileSync(path, "utf8")) !== text) return "changed";
    if (time() !== first) return "beats";
  }
  return "silent";
}

/** Puts aside the lock that was found stale, unless somebody else has been faster. */
function breakLock(path: string, stale: string): void {
  const aside = `${path}.${randomUUID()}`;
  if (attempt(() => renameSync(path, aside) ?? true) === null) return;
  // What was put aside may be a new holder's by now: then it goes back.
  if (attempt(() => readFileSync(aside, "utf8")) !== stale) attempt(() => linkSync(aside, path));
  rmSync(aside, { force: true });
}

/**
 * Takes the lock of an output, so that two processes do not count the same episodes; results do not rest on it, since journals are written by whole lines and outputs by
 * renaming. A lock whose process is gone is broken at once: on this machine by number and start, elsewhere by a minute without a beat.
 *
 * @param path - the lock's file
 * @param what - the output, for errors
 * @throws Error naming the process that holds it
 */
export async function takeLock(path: string, what: string, { patience = silence } = {}): Promise<Lock> {
  const own: Holder = { pid: process.pid, start: startOf(process.pid), place: placeOf(), host: hostname(), id: randomUUID() };
  const text = JSON.stringify(own);
  const fresh = `${path}.${own.id}`;
  for (;;) {
    try {
      // Written first and linked then, so that nobody ever sees half a lock.
      writeFileSync(fresh, text, { flag: "wx" });
      try {
        linkSync(fresh, path);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === "EEXIST") throw error;
        // A file system without links.
        writeFileSync(path, text, { flag: "wx" });
      }
      break;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== "EEXIST") throw new Error(`takeLock: ${path} could not be written (${code ?? message}), expected a writable folder`);
    } finally {
      rmSync(fresh, { force: true });
    }
    const found = attempt(() => readFileSync(path, "utf8"));
    if (found === null) continue;
    const holder = parse(found);
    const state = holder ? stateOf(holder) : "unknown";
    const seen = state === "unknown" ? await watch(path, found, patience) : null;
    if (seen === "changed") continue;
    if (state === "alive" || seen === "beats") {
      const by = holder ? `process ${holder.pid} on ${holder.host}` : `another process (${path})`;
      throw new Error(`takeLock: ${what} is being made by ${by}, expected nobody; wait for it, or choose another output`);
    }
    breakLock(path, found);
  }
  const timer = setInterval(() => attempt(() => utimesSync(path, new Date(), new Date())), Math.min(beatEvery, patience / 6));
  timer.unref();
  return {
    release() {
      clearInterval(timer);
      if (attempt(() => readFileSync(path, "utf8")) === text) rmSync(path, { force: true });
    },
  };
}
