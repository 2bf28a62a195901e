import { log } from "../core/log.ts";
import type { Head, Rejection } from "../probe/probe.ts";
import type { OnnxGraph } from "./onnxGraph.ts";
import { divideByNorm } from "./onnxSteps.ts";

/** values (k × d) turned to d × k. */
function transposed(values: Float64Array, k: number): Float64Array {
  const d = values.length / k;
  return Float64Array.from(values, (_, at) => values[(at % k) * d + Math.floor(at / k)]);
}

/** −½ Σ precision · (x − mean)², class by class: differences first, so that no digits cancel. */
function squaredDistances(graph: OnnxGraph, x: string, means: Float64Array, precision: Float64Array | null, k: number): string {
  const shape = [1, k, means.length / k];
  const gaps = graph.node("Sub", [graph.node("Unsqueeze", [x, graph.integers([1])]), graph.constant(means, shape, "means")]);
  const squares = graph.node("Mul", [gaps, gaps]);
  const halves = precision
    ? graph.node("Mul", [
        squares,
        graph.constant(
          precision.map((value) => -value / 2),
          shape,
          "variances",
        ),
      ])
    : graph.node("Mul", [squares, graph.scalar(-0.5)]);
  return graph.node("ReduceSum", [halves, graph.integers([2])], { keepdims: 0 });
}

/** Appends a head's scores, N × k. */
export function appendHead(graph: OnnxGraph, head: Head, x: string): string {
  const k = head.classes.length;
  if (head.kind === "centroid") return squaredDistances(graph, x, head.centroids, null, k);
  if (head.kind === "plda") {
    const { means, variances, cols } = head;
    const logs = new Float64Array(k);
    variances.forEach((value, at) => {
      logs[Math.floor(at / cols)] -= log(value) / 2;
    });
    const distances = squaredDistances(
      graph,
      x,
      means,
      variances.map((value) => 1 / value),
      k,
    );
    return graph.node("Add", [distances, graph.constant(logs, [k], "variances")]);
  }
  if (head.kind === "cosine")
    return graph.node("MatMul", [
      divideByNorm(graph, x, null),
      graph.constant(transposed(head.directions, k), [head.cols, k], "directions"),
    ]);
  const product = graph.node("MatMul", [x, graph.constant(transposed(head.coef, k), [head.cols, k], "coef")]);
  return graph.node("Add", [product, graph.constant(head.intercept, [k], "intercept")]);
}

/** Appends whether each row's `rejectionScore` is above the threshold, N booleans named `output`; the scores are divided by the temperature already. */
export function appendRejection(graph: OnnxGraph, { by, threshold }: Rejection, scores: string, k: number, output: string): void {
  // No TopK: ONNX Runtime's divides by the number of rows, and dies of a batch of none.
  const largest = (value: string): string => graph.node("ReduceMax", [value], { axes: [1], keepdims: 1 });
  const flat = (value: string): string => graph.node("Squeeze", [value, graph.integers([1])]);
  const first = largest(scores);
  const above = (score: string): string => graph.node("Greater", [score, graph.scalar(threshold)], {}, [output]);
  if (by === "score") {
    above(graph.node("Neg", [flat(first)]));
    return;
  }
  // With the largest at 1, and out of the sum, only the others are summed, so that 1 − p keeps its digits where p is nearly 1.
  const isFirst = graph.node("Equal", [
    graph.integers(Array.from({ length: k }, (_, c) => c)),
    graph.node("ArgMax", [scores], { axis: 1, keepdims: 1 }),
  ]);
  const gaps = graph.node("Sub", [scores, first]);
  const shares = graph.node("Exp", [graph.node("Where", [isFirst, graph.scalar(Number.NEGATIVE_INFINITY), gaps])]);
  const others = graph.node("ReduceSum", [shares, graph.integers([1])], { keepdims: 0 });
  const all = graph.node("Add", [others, graph.scalar(1)]);
  above(graph.node("Div", [by === "probability" ? others : graph.node("Add", [others, flat(largest(shares))]), all]));
}
