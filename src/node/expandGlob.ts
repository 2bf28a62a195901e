import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** The order of people: shard-2 before shard-10. */
const byNumber = new Intl.Collator("en", { numeric: true });

/**
 * The files that a path with `*` (any characters) or `?` (one) in its last part stands for, numbers in their names in ascending order; any other path as it is.
 *
 * @throws Error naming the pattern, when it fits no file
 */
export async function expandGlob(path: string): Promise<string[]> {
  const pattern = basename(path);
  if (!/[*?]/.test(pattern)) return [path];
  const folder = dirname(path);
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const fits = new RegExp(`^${source}$`, "s");
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${path}: ${folder} could not be listed (${error.code}), expected a folder`);
  });
  // As shells have it, what begins with a dot is asked for by a dot.
  const found = names.filter((name) => fits.test(name) && name.startsWith(".") === pattern.startsWith("."));
  if (found.length === 0) throw new Error(`${path}: fits no file, expected at least 1`);
  found.sort((a, b) => byNumber.compare(a, b) || (a < b ? -1 : 1));
  return found.map((name) => join(folder, name));
}
