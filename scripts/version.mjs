// After `changeset version`: the version that package.json now has, into src/core/version.ts, which is what results and heads are signed with.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

process.chdir(process.argv[2] ?? join(import.meta.dirname, ".."));
const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const file = "src/core/version.ts";
const text = readFileSync(file, "utf8");
const written = text.replace(/(export const version = )"[^"]*"/, `$1"${version}"`);
if (!written.includes(`"${version}"`)) throw new Error(`${file} has no version to replace`);
writeFileSync(file, written);
