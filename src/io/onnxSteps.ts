import { columnsAfter, type Step, stepColumns } from "../probe/steps.ts";
import type { OnnxGraph } from "./onnxGraph.ts";

/** The largest absolute value of each row, N × 1, and whether it is 0. */
function rowSize(graph: OnnxGraph, x: string): { readonly largest: string; readonly isZero: string } {
  const largest = graph.node("ReduceMax", [graph.node("Abs", [x])], { axes: [1], keepdims: 1 });
  return { largest, isZero: graph.node("Equal", [largest, graph.scalar(0)]) };
}

/** Rows divided by their norm, or by that of the row times weights; by the largest value first, so that squares neither overflow nor vanish. */
export function divideByNorm(graph: OnnxGraph, x: string, weights: Float64Array | null): string {
  const weighted = weights ? graph.node("Mul", [x, graph.constant(weights, [weights.length], "weights of l2")]) : x;
  const { largest, isZero } = rowSize(graph, weighted);
  const one = graph.scalar(1);
  const scale = graph.node("Where", [isZero, one, largest]);
  const small = graph.node("Div", [weighted, scale]);
  const norm = graph.node("Where", [isZero, one, graph.node("ReduceL2", [small], { axes: [1], keepdims: 1 })]);
  return graph.node("Div", [weights ? graph.node("Div", [x, scale]) : small, norm]);
}

/** L⁻ᵀ, d × d, of a lower triangular matrix. */
function inverseTransposed(lower: Float64Array, d: number): Float64Array {
  const out = new Float64Array(d * d);
  // Column c of L⁻¹ solves L·y = e_c; it is row c of L⁻ᵀ.
  for (let c = 0; c < d; c++) {
    const row = out.subarray(c * d, (c + 1) * d);
    for (let i = c; i < d; i++) {
      let sum = Number(i === c);
      for (let j = c, at = i * d + c; j < i; j++, at++) sum -= lower[at] * row[j];
      row[i] = sum / lower[i * d + i];
    }
  }
  return out;
}

function simple(graph: OnnxGraph, x: string): string {
  const size = graph.node("Add", [graph.node("Abs", [x]), graph.scalar(1e-5)]);
  const log = graph.node("Log", [graph.node("Add", [graph.node("Reciprocal", [size]), graph.scalar(1)])]);
  return graph.node("Div", [graph.node("Sign", [x]), graph.node("Pow", [log, graph.scalar(1.3)])]);
}

function subtractMean(graph: OnnxGraph, x: string, mean: Float64Array): string {
  const { isZero } = rowSize(graph, x);
  return graph.node("Where", [isZero, x, graph.node("Sub", [x, graph.constant(mean, [mean.length], "the mean")])]);
}

/** Appends the operators of several steps. */
export function appendSteps(graph: OnnxGraph, steps: readonly Step[], x: string, cols: number): string {
  let [rows, width] = [x, cols];
  steps.forEach((step, s) => {
    const next = stepColumns(step, width, "writeOnnx", `step ${s} (${step.kind})`);
    rows = appendStep(graph, step, rows, width);
    width = next;
  });
  return rows;
}

/** Appends a step's operators to rows `x` of `cols` columns; gives the rows after it. */
function appendStep(graph: OnnxGraph, step: Step, x: string, cols: number): string {
  switch (step.kind) {
    case "l2":
      return divideByNorm(graph, x, step.weights);
    case "power":
      if (step.exponent === 0 || step.exponent === 0.5) return graph.node(step.exponent === 0 ? "Log" : "Sqrt", [x]);
      return graph.node("Pow", [x, graph.scalar(step.exponent)]);
    case "simple":
      return simple(graph, x);
    case "centre":
      return subtractMean(graph, x, step.mean);
    case "mask":
      return graph.node("Mul", [x, graph.constant(step.weights, [cols], "the mask")]);
    case "transform":
      return graph.node("MatMul", [x, graph.constant(step.matrix, [cols, step.dimensions], "the transform")]);
    case "solve":
      return graph.node("MatMul", [x, graph.constant(inverseTransposed(step.lower, cols), [cols, cols], "the inverse of lower")]);
    case "lowRank": {
      const { vectors, gains, rest } = step;
      const r = gains.length;
      const kept = graph.node("Mul", [x, graph.scalar(rest)]);
      if (r === 0) return kept;
      const turned = Float64Array.from({ length: cols * r }, (_, at) => vectors[(at % r) * cols + Math.floor(at / r)] * gains[at % r]);
      const along = graph.node("MatMul", [x, graph.constant(turned, [cols, r], "the vectors")]);
      return graph.node("Add", [kept, graph.node("MatMul", [along, graph.constant(vectors, [r, cols], "the vectors")])]);
    }
    case "split": {
      const { vectors } = step;
      const r = vectors.length / cols;
      const turned = Float64Array.from({ length: cols * r }, (_, at) => vectors[(at % r) * cols + Math.floor(at / r)]);
      const along = graph.node("MatMul", [x, graph.constant(turned, [cols, r], "the vectors")]);
      const back = graph.node("MatMul", [along, graph.constant(vectors, [r, cols], "the vectors")]);
      return graph.node("Concat", [along, graph.node("Sub", [x, back])], { axis: 1 });
    }
    case "parts": {
      const outcomes = step.parts.map(({ weight, steps }) => {
        const out = appendSteps(graph, steps, x, cols);
        if (weight === 1) return out;
        // A column of weights each, not one number: runtimes fold a number into the product before it, in single precision.
        const width = columnsAfter(steps, cols, "writeOnnx", "step");
        return graph.node("Mul", [out, graph.constant(new Float64Array(width).fill(weight), [width], "the part's weight")]);
      });
      return graph.node("Concat", outcomes, { axis: 1 });
    }
  }
}
