import { defineConfig } from "tsup";

// No source maps: dist is readable as it stands, and they would be most of what an installation brings.
const shared = { target: "es2022" } as const;
const dts = { compilerOptions: { ignoreDeprecations: "6.0" } };

/** What pages may import. */
const names = ["index", "head", "incremental", "importance", "statistics", "theory", "tune", "report", "run", "io", "ndarray"];
const entry = Object.fromEntries([...names, "node"].map((name) => [name, `src/${name}.ts`]));

export default defineConfig([
  // One build, so that entries share what they have in common: kernels that one has loaded serve the others.
  { ...shared, dts: { ...dts, entry }, entry: { ...entry, cli: "src/cli/main.ts" }, format: ["esm"], platform: "node" },
  {
    ...{ ...shared, dts, entry, format: ["cjs"], platform: "node", splitting: true, shims: true },
    // @noble/hashes has ES modules alone, which require() takes from Node 20.19 only: this build holds the part that it uses.
    noExternal: ["@noble/hashes"],
    // What splits CommonJS would write these two as closures.
    esbuildOptions(options) {
      options.supported = { ...options.supported, "nullish-coalescing": false, "optional-chain": false };
    },
  },
  // The types of plots name those of a page, which a project for Node may not have asked for.
  {
    ...{ ...shared, entry: { plot: "src/plot.ts" }, format: ["esm", "cjs"], platform: "neutral" },
    dts: { ...dts, banner: '/// <reference lib="dom" />' },
  },
  // One file that needs no other, so that a bundler may put it anywhere.
  { ...shared, entry: { worker: "src/node/worker.ts" }, format: ["esm"], platform: "node", dts: false, noExternal: [/./] },
]);
