import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { hasChromium } from "./chromium.ts";

const root = join(import.meta.dirname, "..");
const time = (path: string) => (existsSync(path) ? statSync(path).mtimeMs : 0);
/** When the newest file of the site or the library was written; what a build writes aside. */
const newest = (folder: string): number =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/[\\/](?:api|dist|cache|results)(?:[\\/]|$)/.test(entry.parentPath.slice(root.length)))
    .reduce((latest, entry) => Math.max(latest, time(join(entry.parentPath, entry.name))), 0);

/** Once before the tests of the site: builds it where a source is newer. Broken links end the build, and the tests with it. */
export function setup(): void {
  if (!hasChromium) return;
  const sources = Math.max(newest("docs"), newest("src"), newest("scripts"), time(join(root, "package.json")));
  if (time(join(root, "docs/.vitepress/dist/content-security-policy.txt")) > sources) return;
  execFileSync(process.execPath, ["scripts/site.mjs", "build"], { cwd: root, stdio: ["ignore", 2, 2] });
}
