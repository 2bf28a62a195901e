import { defineConfig } from "tsup";

// `treeshake: true` breaks source maps in tsup 8; esbuild's own tree shaking is enough here.
const shared = { target: "es2022", sourcemap: true, dts: { compilerOptions: { ignoreDeprecations: "6.0" } } } as const;

/** The types of plots name those of a page, which a project for Node may not have asked for. */
const pageTypes = { dts: { ...shared.dts, banner: '/// <reference lib="dom" />' } };

const browser = { index: "src/index.ts", io: "src/io.ts", ndarray: "src/ndarray.ts" };

export default defineConfig([
  { ...shared, entry: browser, format: ["esm"], platform: "neutral" },
  // @noble/hashes has ES modules alone, which require() takes from Node 20.19 only: the CommonJS build holds the part that it uses.
  { ...shared, entry: browser, format: ["cjs"], platform: "neutral", noExternal: ["@noble/hashes"] },
  { ...shared, ...pageTypes, entry: { plot: "src/plot.ts" }, format: ["esm", "cjs"], platform: "neutral" },
  { ...shared, entry: { node: "src/node.ts" }, format: ["esm"], platform: "node" },
  { ...shared, entry: { node: "src/node.ts" }, format: ["cjs"], platform: "node", shims: true, noExternal: ["@noble/hashes"] },
  // One file that needs no other, so that a bundler may put it anywhere.
  { ...shared, entry: { worker: "src/node/worker.ts" }, format: ["esm"], platform: "node", dts: false, noExternal: [/./] },
  { ...shared, entry: { cli: "src/cli/main.ts" }, format: ["esm"], platform: "node", dts: false, banner: { js: "#!/usr/bin/env node" } },
]);
