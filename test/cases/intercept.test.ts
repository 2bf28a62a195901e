import { expect, it } from "vitest";
import { readFeatures } from "../../src/node/readFiles.ts";
import { readHead } from "../../src/node/readHead.ts";
import { decisionFunction, predict } from "../../src/probe/predict.ts";
import { data, expected } from "./shared.ts";

it.each(["svc", "ridge"])("an intercept that is one number stands for every class, as scikit-learn adds it: %s", async (name) => {
  const head = await readHead(data(`intercept/${name}.npz`));
  const x = await readFeatures(data("intercept/x.npy"));
  const { scores, labels } = expected("intercept/expected.json")[name];
  expect(predict(head, x)).toEqual(labels);
  decisionFunction(head, x).data.forEach((score, i) => {
    expect(score).toBeCloseTo(scores[i], 12);
  });
});
