import { type ChildProcessWithoutNullStreams, execFileSync, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Side } from "./measure.ts";

/** A long-lived python3 that runs peer.py: one JSON line in, one out. */
export interface Python {
  readonly versions: Readonly<Record<string, string>>;
  ask<Answer>(command: string, values?: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** A side whose rounds Python runs and times itself. */
  side(label: string, command: string, values?: Readonly<Record<string, unknown>>): Side;
  stop(): void;
}

const executable = "/usr/bin/python3";
/** One thread each: we compare algorithms, not numbers of cores. */
const singleThread = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1", NUMEXPR_NUM_THREADS: "1" };

function hasPackages(): boolean {
  try {
    execFileSync(executable, ["-c", "import numpy, sklearn"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Starts the peer, or gives null and says why: Debian's python3-sklearn is installed only where we are root. */
export async function startPython(script: string, say: (text: string) => void): Promise<Python | null> {
  if (!hasPackages()) spawnSync(process.execPath, [join("scripts", "debian.mjs"), "python3-sklearn"], { stdio: "ignore" });
  if (!hasPackages()) {
    say("no python3 with numpy and scikit-learn (Debian: apt-get install python3-sklearn): rows against them are left out");
    return null;
  }
  const child: ChildProcessWithoutNullStreams = spawn(executable, ["-u", script], { env: { ...process.env, ...singleThread } });
  let failure = "";
  child.stderr.on("data", (bytes) => {
    failure = `${failure}${bytes}`.slice(-4000);
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async <Answer>(command: string, values: Readonly<Record<string, unknown>> = {}): Promise<Answer> => {
    child.stdin.write(`${JSON.stringify({ command, ...values })}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`bench: peer.py stopped at ${command}\n${failure}`);
    const answer = JSON.parse(value);
    if (answer.error) throw new Error(`bench: peer.py, ${command}: ${answer.error}`);
    return answer;
  };
  return {
    versions: await ask<Record<string, string>>("versions"),
    ask,
    side: (label, command, values) => ({ label, run: async () => (await ask<{ seconds: number }>(command, values)).seconds }),
    stop: () => child.stdin.end(),
  };
}
