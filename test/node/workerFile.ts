import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll } from "vitest";

const root = join(import.meta.dirname, "../..");

/** Bundles worker files from source (a file or lines of code), since Node runs no TypeScript; they go when the tests of the file are done. */
export function workerFiles(): { bundle(source: string): Promise<URL>; write(code: string): URL } {
  const cache = join(root, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "softprobe-workers-"));
  let count = 0;
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const place = () => join(folder, `${count++}.mjs`);
  return {
    async bundle(source) {
      const outfile = place();
      const entry = source.includes("\n")
        ? { stdin: { contents: source, resolveDir: root, loader: "ts" as const } }
        : { entryPoints: [source] };
      await build({
        ...entry,
        absWorkingDir: root,
        outfile,
        bundle: true,
        platform: "node",
        format: "esm",
        target: "es2022",
        logLevel: "warning",
      });
      return pathToFileURL(outfile);
    },
    write(code) {
      const path = place();
      writeFileSync(path, code);
      return pathToFileURL(path);
    },
  };
}
