import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";

/** Debian's: another python3 may come first on PATH, and lacks its packages. */
const executable = "/usr/bin/python3";

/** Runs a script of this folder by Debian's python, with a few threads at most; gives what it printed. */
export function python(script: string, args: readonly string[]): string {
  const env = { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };
  return execFileSync(executable, [join(import.meta.dirname, script), ...args], { encoding: "utf8", env });
}

function imports(module: string): boolean {
  try {
    execFileSync(executable, ["-c", `import ${module}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Whether Debian's python has scikit-learn, which is installed where it is missing and we are root. */
export function hasSklearn(): boolean {
  if (imports("sklearn")) return true;
  spawnSync(process.execPath, [join(import.meta.dirname, "../../scripts/debian.mjs"), "python3-sklearn"], { stdio: "ignore" });
  return imports("sklearn");
}
