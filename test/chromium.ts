import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Debian's, which scripts/debian.mjs installs where it can. */
export const chromium = "/usr/bin/chromium";
export const chromiumFlags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
export const hasChromium = existsSync(chromium);

/** Whether a test, or a helper that it imports, names Node: its modules, its globals. */
function needsNode(file: string, seen = new Set<string>()): boolean {
  if (seen.has(file) || file.startsWith("src")) return false;
  seen.add(file);
  const text = readFileSync(file, "utf8");
  if (/"node:|\bprocess\.|\bBuffer\b/.test(text)) return true;
  const imports = [...text.matchAll(/from "(\.[^"]+\.ts)"/g)].map(([, path]) => join(dirname(file), path));
  return imports.some((path) => needsNode(path, seen));
}

/** The root entry's rooms whose tests run in a browser as well. */
const rooms = [
  "basis",
  "core",
  "episodes",
  "evaluate",
  "features",
  "heldout",
  "importance",
  "incremental",
  "interop",
  "kernels",
  "mask",
  "probe",
  "report",
  "solve",
  "statistics",
  "theory",
];

/** Tests of the root entry that need no Node, for Chromium to run as they are; paths relative to the repository, which is the working folder. */
export function browserFiles(): string[] {
  return rooms
    .map((room) => `test/${room}`)
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((file) => `${folder}/${file}`))
    .filter((file) => file.endsWith(".test.ts") && !needsNode(file))
    .sort();
}
