// ml-logistic-regression as a probe of one's own, beside the exact one, over the same episodes: node examples/custom-probe/start.mjs
import LogisticRegression from "ml-logistic-regression";
import { Matrix } from "ml-matrix";
import { evaluate, syntheticFeatures } from "softprobe";
import { evaluationTable } from "softprobe/report";

const rowsOf = ({ data, rows, cols }) => Matrix.from1DArray(rows, cols, Array.from(data));
const theirs = {
  name: "ml-logistic-regression",
  fit(features, labels) {
    const model = new LogisticRegression({ numSteps: 200, learningRate: 0.5 });
    model.train(rowsOf(features), Matrix.columnVector(Array.from(labels)));
    return model;
  },
  predict: (model, features) => model.predict(rowsOf(features)),
};

const { features, labels } = syntheticFeatures({ classes: 12, rowsPerClass: 20, dims: 100, seed: 1 });
const result = await evaluate(features, labels, {
  ...{ ways: 5, shots: 5, queries: 10, episodes: 12, seed: 0 },
  masks: ["none", "pair@oracle/power:1"],
  probes: ["softmax", theirs],
});
console.log(evaluationTable(result));
