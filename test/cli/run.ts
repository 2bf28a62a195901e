import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

export const root = join(import.meta.dirname, "../..");
export const command = join(root, "dist/cli.js");
/** Small features, labels, views and a base set of eight fruit: test/golden/make-command.py. */
export const golden = join(root, "test/golden/command");

/** What a command line left: its exit code and what it wrote. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command as a process of its own, in the golden folder unless told, neither stream a terminal. */
export function softprobe(
  args: readonly string[],
  { cwd = golden, env = {} }: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [command, ...args],
      { cwd, env: { ...process.env, ...env }, maxBuffer: 1 << 28 },
      (error, stdout, stderr) => {
        const code = error ? error.code : 0;
        if (typeof code !== "number") reject(error);
        else resolve({ code, stdout, stderr });
      },
    );
  });
}

/** The same on a pseudo terminal of util-linux' script: what a person sees, both streams in one. */
export function onTerminal(args: readonly string[], env: Readonly<Record<string, string>> = {}): { code: number | null; screen: string } {
  const line = [process.execPath, command, ...args].map((word) => `'${word}'`).join(" ");
  const { NO_COLOR: _, ...plain } = process.env;
  const { status, stdout } = spawnSync("script", ["-qec", line, "/dev/null"], { cwd: golden, encoding: "utf8", env: { ...plain, ...env } });
  return { code: status, screen: stdout };
}

export const hasTerminal = spawnSync("script", ["-qec", "true", "/dev/null"], { encoding: "utf8" }).status === 0;

/** A folder of its own for a file of tests, gone after them. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "softprobe-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Features and labels of the golden folder, and options that its 14 rows a class can give. */
export const small = ["--features", "features.npy", "--labels", "labels.npy", "--queries", "8", "--episodes", "12"];
