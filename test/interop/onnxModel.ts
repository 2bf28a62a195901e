/** A field of a protocol buffer: a number as a varint, anything else by its length. */
function field(number: number, value: number | string | readonly number[]): number[] {
  const varint = (whole: number): number[] => (whole < 128 ? [whole] : [(whole & 127) | 128, ...varint(whole >>> 7)]);
  if (typeof value === "number") return [...varint(number << 3), ...varint(value)];
  const bytes = typeof value === "string" ? [...new TextEncoder().encode(value)] : value;
  return [...varint((number << 3) | 2), ...varint(bytes.length), ...bytes];
}

const float = 1;
const float16 = 10;
const valueInfo = (name: string, kind: number, shape: readonly number[]): number[] => {
  const dims = shape.flatMap((length) => field(1, field(1, length)));
  return [...field(1, name), ...field(2, field(1, [...field(1, kind), ...field(2, dims)]))];
};
const node = (operator: string, output: string, attribute: readonly number[] = []): number[] => [
  ...field(1, "x"),
  ...field(2, output),
  ...field(4, operator),
  ...attribute,
];

/**
 * A model of an input x, float32 of 3 × 2, and three outputs: `same` (x), `turned` (its transpose) and `half` (x as float16).
 *
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
export function tinyModel(): Uint8Array {
  const to = field(5, [...field(1, "to"), ...field(3, float16), ...field(20, 2)]);
  const graph = [
    ...field(1, node("Identity", "same")),
    ...field(1, node("Transpose", "turned")),
    ...field(1, node("Cast", "half", to)),
    ...field(2, "tiny"),
    ...field(11, valueInfo("x", float, [3, 2])),
    ...field(12, valueInfo("same", float, [3, 2])),
    ...field(12, valueInfo("turned", float, [2, 3])),
    ...field(12, valueInfo("half", float16, [3, 2])),
  ];
  return Uint8Array.from([...field(1, 8), ...field(7, graph), ...field(8, field(2, 13))]);
}
