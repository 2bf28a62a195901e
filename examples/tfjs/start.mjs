// Features as TensorFlow.js tensors: node examples/tfjs/start.mjs
// In a page, `embed` is a model: (await mobilenet.load()).infer(image, true).
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { collectMatrix, fitProbe, predict, predictProba } from "softprobe";

await tf.ready();
/** Stands for a frozen model: a fixed random layer over what it sees, 1 × 64. */
const weights = tf.randomNormal([3, 64], 0, 1, "float32", 7);
const embed = (colour) => tf.tidy(() => tf.relu(tf.matMul(tf.tensor2d([colour]), weights)));

const examples = {
  apple: [
    [0.9, 0.1, 0.1],
    [0.8, 0.2, 0.1],
  ],
  lime: [
    [0.2, 0.9, 0.2],
    [0.1, 0.8, 0.3],
  ],
  plum: [
    [0.4, 0.1, 0.6],
    [0.3, 0.1, 0.5],
  ],
};
const rows = Object.entries(examples).flatMap(([name, colours]) => colours.map((colour) => ({ name, tensor: embed(colour) })));
const features = await collectMatrix(rows.map(({ tensor }) => tensor));
for (const { tensor } of rows) tensor.dispose();

const probe = fitProbe(
  features,
  rows.map(({ name }) => name),
  { C: 10 },
);
for (const colour of [
  [0.85, 0.15, 0.15],
  [0.15, 0.85, 0.25],
  [0.35, 0.05, 0.55],
]) {
  const seen = await collectMatrix([embed(colour)]);
  console.log(`${colour.join(" ")}: ${predict(probe, seen)[0]}, ${Math.round(100 * Math.max(...predictProba(probe, seen).data))} %`);
}
