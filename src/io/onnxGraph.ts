import { valueError } from "../core/errors.ts";
import { bytesOf } from "./elements.ts";
import { field, type Message } from "./protobuf.ts";

/** Numbers of a graph: TensorProto's data types. */
const onnxTypes = { float32: 1, int64: 7, bool: 9, float64: 11 } as const;
export type OnnxType = keyof typeof onnxTypes;

/** A graph under construction: values are known by their names. */
export interface OnnxGraph {
  readonly precision: "float32" | "float64";
  /** Appends an operator; whole numbers and lists of them are its attributes. Gives its first output, which has a name of its own unless told. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, number | readonly number[]>>,
    outputs?: readonly string[],
  ): string;
  /** Numbers of the graph's precision, `what` they are for an error. */
  constant(values: ArrayLike<number>, shape: readonly number[], what: string): string;
  /** One number of the graph's precision. */
  scalar(value: number): string;
  /** Whole numbers, as axes and places are given. */
  integers(values: readonly number[]): string;
  /** The GraphProto. */
  finish(inputs: readonly Message[], outputs: readonly Message[]): Message;
}

/** A tensor's name, type and axes, of which one by name is open. */
export function valueInfo(name: string, type: OnnxType, axes: readonly (number | string)[]): Message {
  const shape = axes.flatMap((axis) => field(1, typeof axis === "number" ? field(1, axis) : field(2, axis)));
  return [...field(1, name), ...field(2, field(1, [...field(1, onnxTypes[type]), ...field(2, shape)]))];
}

function attribute(name: string, value: number | readonly number[]): Message {
  const [int, ints] = [2, 7];
  const body =
    typeof value === "number" ? [...field(3, value), ...field(20, int)] : [...value.flatMap((each) => field(8, each)), ...field(20, ints)];
  return field(5, [...field(1, name), ...body]);
}

function tensor(name: string, type: OnnxType, shape: readonly number[], bytes: Uint8Array): Message {
  return field(5, [...shape.flatMap((length) => field(1, length)), ...field(2, onnxTypes[type]), ...field(8, name), ...field(9, bytes)]);
}

/** An empty graph whose numbers have `precision`; `caller` names the function in errors. */
export function onnxGraph(precision: "float32" | "float64", caller: string): OnnxGraph {
  const nodes: Uint8Array[] = [];
  const tensors: Uint8Array[] = [];
  let [values, constants] = [0, 0];
  const keep = (type: OnnxType, shape: readonly number[], bytes: Uint8Array): string => {
    const name = `constant${constants++}`;
    tensors.push(...tensor(name, type, shape, bytes));
    return name;
  };
  const constant: OnnxGraph["constant"] = (given, shape, what) => {
    const numbers = precision === "float32" ? Float32Array.from(given) : Float64Array.from(given);
    const wrong = numbers.findIndex((value, i) => !Number.isFinite(value) && Number.isFinite(given[i]));
    if (wrong >= 0)
      throw valueError(caller, what, `holds ${given[wrong]}, too large for float32`, 'smaller values, or precision: "float64"');
    return keep(precision, shape, bytesOf(numbers));
  };
  return {
    precision,
    node(operator, inputs, attributes = {}, outputs = [`value${values++}`]) {
      const body = [
        ...inputs.flatMap((name) => field(1, name)),
        ...outputs.flatMap((name) => field(2, name)),
        ...field(4, operator),
        ...Object.entries(attributes).flatMap(([name, value]) => attribute(name, value)),
      ];
      nodes.push(...field(1, body));
      return outputs[0];
    },
    constant,
    scalar: (value) => constant([value], [], "a number"),
    integers: (numbers) => keep("int64", [numbers.length], bytesOf(BigInt64Array.from(numbers, BigInt))),
    finish: (inputs, outputs) => [
      ...nodes,
      ...field(2, "softprobe"),
      ...tensors,
      ...inputs.flatMap((info) => field(11, info)),
      ...outputs.flatMap((info) => field(12, info)),
    ],
  };
}
