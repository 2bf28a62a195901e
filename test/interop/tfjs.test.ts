import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { collectMatrix } from "../../src/features/collectMatrix.ts";
import { toMatrix } from "../../src/features/toMatrix.ts";
import { toViews } from "../../src/features/toViews.ts";
import { double, rows, single, transposed, views } from "./plain.ts";

describe("TensorFlow.js", () => {
  beforeAll(async () => {
    await tf.setBackend("cpu");
  });

  it("gives its tensors to toMatrix and collectMatrix", async () => {
    const tensor = tf.tensor2d(rows);
    expect(toMatrix(tensor)).toEqual(single(rows));
    expect(await collectMatrix(tensor)).toEqual(single(rows));
    expect(toMatrix(tf.tensor2d([1, 2, 3, 4], [2, 2], "int32"))).toEqual(
      double([
        [1, 2],
        [3, 4],
      ]),
    );
  });

  it("gives transposes, slices and what it computed", async () => {
    const tensor = tf.tensor2d(rows);
    expect(toMatrix(tf.transpose(tensor))).toEqual(single(transposed));
    expect(toMatrix(tf.slice(tensor, [1, 0], [2, 1]))).toEqual(single([[3.5], [5]]));
    expect(await collectMatrix(tf.reverse(tensor, 0))).toEqual(single([...rows].reverse()));
    expect(toMatrix(tf.add(tensor, 1))).toEqual(single(rows.map((row) => row.map((value) => value + 1))));
  });

  it("gives views, as tensors of three axes", () => {
    const tensor = tf.tensor3d(views);
    expect(toViews(tensor)).toEqual({ matrix: single(views.flat()), views: 3 });
    const swapped = tf.transpose(tensor, [1, 0, 2]);
    expect(toViews(swapped)).toEqual({ matrix: single([0, 1, 2].flatMap((v) => [views[0][v], views[1][v]])), views: 2 });
    expect(toViews(tf.tensor2d(views.flat()), { views: 3 }).views).toBe(3);
  });

  it("gives embeddings one by one, rows and batches mixed", async () => {
    async function* embeddings() {
      yield tf.tensor1d(rows[0]);
      yield tf.tensor2d(rows.slice(1));
    }
    expect(await collectMatrix(embeddings())).toEqual(single(rows));
    expect(await collectMatrix(rows.map((row) => tf.tensor1d(row)))).toEqual(single(rows));
  });

  it("is told from a tensor that was disposed of", () => {
    const tensor = tf.tensor2d(rows);
    tensor.dispose();
    expect(() => toMatrix(tensor)).toThrow("toMatrix: input has been disposed of, expected a tensor that still has its data");
  });
});
