import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Once before the tests that run what is built: builds where a source is newer than dist. */
export function setup(): void {
  execFileSync(process.execPath, [join(import.meta.dirname, "../scripts/setup.mjs")], { stdio: ["ignore", "inherit", "inherit"] });
}
