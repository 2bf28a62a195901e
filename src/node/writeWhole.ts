import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * Writes a file completely or not at all. It writes to a temporary name beside it, flushes, then renames. A crash or a full disk leaves
 * the previous file in place.
 *
 * @param path - the file
 * @param content - its new content
 * @throws Error naming the file and the reason
 * @example
 * ```ts
 * import { writeWhole } from "softprobe/node";
 *
 * await writeWhole("/tmp/softprobe-example.txt", "done\n");
 * ```
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw new Error(
      `writeWhole: ${path} could not be written (${(error as NodeJS.ErrnoException).code ?? (error as Error).message}), expected a writable folder`,
    );
  }
}
