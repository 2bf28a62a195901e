// What an import costs a page, bundled and minified by esbuild, in brotli: `npx size-limit`. test/package/bundles.test.ts holds the package to it.

/** The kernels' WebAssembly as text, left out: what the code alone costs, and all that a page pays whose bundler puts the kernels elsewhere. */
const withoutBinary = (config) => ({
  ...config,
  plugins: [
    ...(config.plugins ?? []),
    {
      name: "without-binary",
      setup({ onLoad }) {
        onLoad({ filter: /dist\/[^/]*\.js$/ }, async ({ path }) => {
          const { readFile } = await import("node:fs/promises");
          const text = await readFile(path, "utf8");
          return { contents: text.replace(/(var wasmBinary = )"[^"]*"/, '$1""') };
        });
      },
    },
  ],
});

const entry = (name, path, names, limit, more = {}) => ({
  name,
  path,
  import: names,
  limit,
  ignore: ["hyparquet*", "apache-arrow"],
  ...more,
});
const index = "dist/index.js";
const [softmax, centroid, probe] = ["{ fitSoftmax, predict }", "{ fitCentroid, predict }", "{ fitProbe, predict }"];

export default [
  entry("softmax probe, without kernels' binary", index, softmax, "24.6 kB", { modifyEsbuildConfig: withoutBinary }),
  entry("softmax probe", index, softmax, "49.3 kB"),
  entry("centroid probe", index, centroid, "6.5 kB"),
  entry("fitProbe: every mask, basis and probe, without kernels' binary", index, probe, "55.3 kB", { modifyEsbuildConfig: withoutBinary }),
  entry("fitProbe: every mask, basis and probe", index, probe, "80 kB"),
  entry("softprobe/head", "dist/head.js", "*", "7.3 kB"),
  entry("evaluate", index, "{ evaluate }", "106 kB"),
  entry("statistics", "dist/statistics.js", "{ meanInterval, pairedDifference }", "3 kB"),
  entry("softprobe", index, "*", "133 kB"),
  entry("softprobe/io, npy", "dist/io.js", "{ readNpyMatrix, readNpyLabels }", "8.5 kB"),
  entry("softprobe/io", "dist/io.js", "*", "36 kB"),
  entry("softprobe/plot", "dist/plot.js", "*", "15 kB"),
  entry("softprobe/ndarray", "dist/ndarray.js", "{ fromNdarray, toNdarray }", "5 kB"),
];
