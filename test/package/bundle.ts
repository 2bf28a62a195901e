import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { build } from "esbuild";
import { rollup } from "rollup";
import webpack from "webpack";
import { root } from "./tarball.ts";

/** What a bundler makes of `code`, a module that imports the package by its name, for a page. */
export type Bundler = (code: string, folder: string) => Promise<string>;

/** A project in `folder` whose module is `code`, with a link to this package where an installation would be. */
function entryOf(code: string, folder: string): string {
  const link = join(folder, "node_modules/softprobe");
  if (!existsSync(link)) {
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(root, link, "junction");
  }
  const entry = join(folder, "entry.mjs");
  writeFileSync(entry, code);
  return entry;
}

/** Without the names, comments and dead ends that a bundler leaves to a minifier. */
async function minified(contents: string): Promise<string> {
  const { outputFiles } = await build({ stdin: { contents }, minify: true, bundle: true, format: "esm", write: false, logLevel: "error" });
  return outputFiles[0].text;
}

export const bundlers: Readonly<Record<string, Bundler>> = {
  async esbuild(code, folder) {
    const entryPoints = [entryOf(code, folder)];
    const { outputFiles } = await build({ entryPoints, bundle: true, minify: true, format: "esm", write: false, logLevel: "error" });
    return outputFiles[0].text;
  },
  async rollup(code, folder) {
    const bundle = await rollup({
      input: entryOf(code, folder),
      // CommonJS, which rollup leaves to a plugin.
      external: ["ndarray", "ndarray-ops"],
      plugins: [nodeResolve({ browser: true })],
      onwarn: ({ code: kind, message }) => {
        // The circle is in apache-arrow.
        if (kind !== "EMPTY_BUNDLE" && kind !== "CIRCULAR_DEPENDENCY") throw new Error(message);
      },
    });
    const { output } = await bundle.generate({ format: "esm" });
    await bundle.close();
    return minified(output[0].code);
  },
  async webpack(code, folder) {
    const compiler = webpack({
      mode: "production",
      target: ["web", "es2022"],
      context: folder,
      entry: entryOf(code, folder),
      // Its own minifier takes seconds a bundle; another one sees what is unused at a module's top level only.
      optimization: { minimize: false },
      experiments: { outputModule: true },
      output: { path: folder, filename: "webpack.js", module: true, library: { type: "module" } },
    });
    await new Promise<void>((resolve, reject) => {
      compiler?.run((error, stats) => {
        if (error) reject(error);
        else if (stats?.hasErrors()) reject(new Error(stats.toString("errors-only")));
        else compiler.close(() => resolve());
      });
    });
    return minified(readFileSync(join(folder, "webpack.js"), "utf8"));
  },
};
