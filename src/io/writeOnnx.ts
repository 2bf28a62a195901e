import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkChoice } from "../core/checks.ts";
import { kindError } from "../core/errors.ts";
import { version } from "../core/version.ts";
import { foldHead, whyUnfoldable } from "../probe/foldHead.ts";
import { encodeClass } from "../probe/headToJSON.ts";
import type { Head, Probe } from "../probe/probe.ts";
import { onnxGraph, valueInfo } from "./onnxGraph.ts";
import { appendHead, appendRejection } from "./onnxHead.ts";
import { appendSteps } from "./onnxSteps.ts";
import { field, joinMessage } from "./protobuf.ts";

export interface WriteOnnxOptions {
  /**
   * The type in which the graph computes, and of its input and probabilities (default `"float32"`, which runs everywhere; `"float64"`
   * agrees to some 14 digits, on CPUs).
   */
  readonly precision?: "float32" | "float64";
}

const writeOnnxOptionNames: OptionNames<WriteOnnxOptions> = { precision: true };

/** ONNX 1.8: IR version 7, operator set 13. */
const irVersion = 7;
const operatorSet = 13;

/**
 * Writes a head or a whole probe as an ONNX model: a graph of standard operators (set 13) that any ONNX runtime runs without softprobe.
 *
 * - input `features`, N × d: the raw features, for a probe.
 * - output `probabilities`, N × k, as `predictProba`; output `index`, N 64-bit integers: the place of the most likely class, the first of equals.
 * - output `rejected`, N booleans, where the probe has a rejection: as `classify`.
 * - metadata: `classes`, a JSON array of the class names in the order of the probabilities (as `headToJSON` writes them: runtimes for phones and GPUs
 *   lack the operators that would give names), `schema` ("softprobe/onnx@1"), and `provenance` where the probe has one.
 *
 * The probe is folded first (`foldHead`) where it can be; a triangular basis becomes its inverse, d × d. The graph checks nothing: a
 * negative value under a power becomes NaN, where softprobe throws an error.
 *
 * @param head - a trained head, or a probe with its steps, temperature and rejection
 * @param options - precision
 * @returns the model's bytes, the same for the same head
 * @throws RangeError when a number is beyond float32, or `precision` is unknown; TypeError when `head` is neither a head nor a probe
 * @see https://github.com/onnx/onnx/blob/main/docs/IR.md
 * @example
 * ```ts
 * import { fitProbe, toMatrix } from "softprobe";
 * import { writeOnnx } from "softprobe/io";
 *
 * const probe = fitProbe(toMatrix([[1, 0], [0, 1]]), ["x", "y"]);
 * const bytes = writeOnnx(probe);
 * console.log(bytes instanceof Uint8Array, bytes.length < 1500); // → true true
 * ```
 */
export function writeOnnx(head: Head | Probe, options: WriteOnnxOptions = {}): Uint8Array {
  const caller = "writeOnnx";
  checkOptions(options, caller, writeOnnxOptionNames);
  if (head === null || typeof head !== "object" || !("cols" in head)) throw kindError(caller, "head", head, "a trained head or probe");
  const precision = checkChoice(options.precision ?? "float32", caller, "precision", ["float32", "float64"]);
  const alone = { cols: head.cols, steps: [], head: head as Head, temperature: 1, rejection: null, provenance: null };
  const {
    cols,
    steps,
    head: last,
    temperature,
    rejection,
    provenance,
  } = whyUnfoldable(head) === null ? foldHead(head) : head.kind === "probe" ? head : alone;
  const k = last.classes.length;

  const graph = onnxGraph(precision, caller);
  const rows = appendSteps(graph, steps, "features", cols);
  const scores = appendHead(graph, last, rows);
  const logits = temperature === 1 ? scores : graph.node("Mul", [scores, graph.scalar(1 / temperature)]);
  graph.node("Softmax", [logits], { axis: 1 }, ["probabilities"]);
  graph.node("ArgMax", [logits], { axis: 1, keepdims: 0 }, ["index"]);
  if (rejection) appendRejection(graph, rejection, logits, k, "rejected");

  const outputs = [valueInfo("probabilities", precision, ["N", k]), valueInfo("index", "int64", ["N"])];
  if (rejection) outputs.push(valueInfo("rejected", "bool", ["N"]));
  const metadata = {
    schema: "softprobe/onnx@1",
    classes: JSON.stringify(last.classes.map(encodeClass)),
    ...(provenance ? { provenance: JSON.stringify(provenance) } : {}),
  };
  return joinMessage([
    ...field(1, irVersion),
    ...field(2, "softprobe"),
    ...field(3, version),
    ...field(7, graph.finish([valueInfo("features", precision, ["N", cols])], outputs)),
    ...field(8, field(2, operatorSet)),
    ...Object.entries(metadata).flatMap(([key, value]) => field(14, [...field(1, key), ...field(2, value)])),
  ]);
}
