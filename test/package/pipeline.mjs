// The whole pipeline, each stage once: run from the package, with code generation from strings forbidden.
import * as softprobe from "softprobe";
import { readCsv, readNpyMatrix, readNpz, readSafetensors, writeCsv, writeNpy, writeNpz, writeSafetensors } from "softprobe/io";
import { curveText, evaluationTable } from "softprobe/report";
import { compareTheory } from "softprobe/theory";
import { tuneMask } from "softprobe/tune";

const forbidden = (make) => {
  try {
    make();
    return false;
  } catch (error) {
    return error instanceof EvalError;
  }
};
if (!forbidden(() => new Function("return 1"))) throw new Error("code generation from strings is allowed here: this run proves nothing");

const { features, labels, augmented } = softprobe.syntheticFeatures({ classes: 8, rowsPerClass: 20, dims: 40, views: 3, seed: 7 });
const few = { ways: 3, shots: 2, queries: 5, episodes: 4, seed: 0 };
for (const kernels of ["wasm", "js"]) {
  const masks = [
    "none",
    "pair@oracle/top:0.1",
    "wiener@augmented/power:1",
    "discriminant:1>bayes@prior/power:1",
    "views-support:1>none",
    "simple",
  ];
  const probes = ["softmax", "centroid", "cosine"];
  const result = await softprobe.evaluate(features, labels, { ...few, kernels, augmented, masks, probes });
  if (!evaluationTable(result).includes("pair@oracle/top:0.1")) throw new Error("no table");
  const curve = await softprobe.redundancyCurve(features, labels, { ...few, kernels });
  if (!curveText(curve).includes("%")) throw new Error("no curve");
}
await compareTheory(features, labels, { shots: [1], queries: 5, episodes: 4, seed: 0 });
const candidates = [{ mask: "wiener@augmented/power:1", trainOn: "support" }];
await tuneMask(features, labels, { ways: 3, shots: 2, queries: 5, seed: 0, augmented, candidates });
const probe = softprobe.fitProbe(features, labels, { mask: "wiener@support/power:1" });
const again = softprobe.headFromJSON(softprobe.headToJSON(probe));
const supportRows = Array.from(labels, (_, row) => row).filter((row) => row % 20 < 3);
const support = softprobe.takeRows(features, supportRows);
const supportLabels = supportRows.map((row) => labels[row]);
softprobe.leaveOneOut(support, supportLabels);
softprobe.choosePenalty(support, supportLabels);
const npy = readNpyMatrix(writeNpy({ data: features.data, shape: [features.rows, features.cols] }), "features.npy");
const npz = readNpz(writeNpz({ features: { data: features.data, shape: [features.rows, features.cols] } }));
const tensors = readSafetensors(writeSafetensors({ features: { data: features.data, shape: [features.rows, features.cols] } }));
const table = readCsv(writeCsv(features, { labels }), "features.csv", { label: "label" });
if (npz.size !== 1 || tensors.tensors.size !== 1 || table.matrix.rows !== features.rows) throw new Error("io");
const predicted = softprobe.predict(again, npy);
console.log(`${predicted.length} predicted, ${Math.round(100 * softprobe.score(again, features, labels))} % right`);
