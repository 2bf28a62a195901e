// Builds dist whole or not at all: beside it first, then swapped in, so that whoever runs the last build meanwhile keeps a whole one.
import { execSync } from "node:child_process";
import { existsSync, readdirSync, renameSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";

process.chdir(join(import.meta.dirname, ".."));
const fresh = `.build-${process.pid}`;
const old = `.build-${process.pid}-old`;
// A source that is edited during the build is newer than the build.
const started = new Date();
try {
  execSync(`npx tsup --silent --out-dir ${fresh}`, { stdio: ["ignore", 2, 2] });
  for (const file of readdirSync(fresh)) utimesSync(join(fresh, file), started, started);
  // Two builds at once each swap theirs in; the later one stays.
  for (let attempt = 0; ; attempt++) {
    try {
      rmSync(old, { recursive: true, force: true });
      if (existsSync("dist")) renameSync("dist", old);
      renameSync(fresh, "dist");
      break;
    } catch (error) {
      if (attempt === 9) throw error;
    }
  }
} finally {
  rmSync(fresh, { recursive: true, force: true });
  rmSync(old, { recursive: true, force: true });
}
