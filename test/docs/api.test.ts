import { expect, it } from "vitest";
import { apiPages } from "../../scripts/api.mjs";
import * as head from "../../src/head.ts";
import * as importance from "../../src/importance.ts";
import * as incremental from "../../src/incremental.ts";
import * as root from "../../src/index.ts";
import * as report from "../../src/report.ts";
import * as run from "../../src/run.ts";
import * as statistics from "../../src/statistics.ts";
import * as theory from "../../src/theory.ts";
import * as tune from "../../src/tune.ts";

it("every function of an entry point stands on one page of the API, which says where to import it from", () => {
  const places = apiPages().flatMap(({ path, functions }) => functions.map(({ name, from }) => ({ name, from, path })));
  const names = places.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const entry of [root, head, importance, incremental, report, run, statistics, theory, tune])
    expect(names).toEqual(expect.arrayContaining(Object.keys(entry)));
  expect(places.filter(({ name }) => ["predict", "auroc", "tuneMask", "webWorkers"].includes(name))).toEqual([
    { name: "predict", from: "softprobe", path: "probe/predict" },
    { name: "webWorkers", from: "softprobe/run", path: "run/webWorkers" },
    { name: "auroc", from: "softprobe/statistics", path: "statistics/auroc" },
    { name: "tuneMask", from: "softprobe/tune", path: "tune/tuneMask" },
  ]);
});
