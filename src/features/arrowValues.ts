import { kindError, valueError } from "../core/errors.ts";
import type { FloatArray } from "../core/matrix.ts";
import type { HalfFormat } from "./dtypes.ts";
import { asFloatArray, toFloats } from "./tensorValues.ts";

/** A type of Apache Arrow, as far as its values are read. */
export interface ArrowType {
  readonly typeId?: number;
  /** 0 of halves. */
  readonly precision?: unknown;
  readonly bitWidth?: number;
  readonly scale?: number;
  /** What a dictionary's indices stand for. */
  readonly dictionary?: ArrowType;
}

/** A column, or a row of a column of lists, as Apache Arrow's `Vector` has it. */
export interface ArrowVector {
  readonly type: ArrowType;
  readonly length: number;
  readonly nullCount: number;
  get(index: number): unknown;
  toArray(): unknown;
}

/** What the values of a type are, by Arrow's own numbers of types. */
export type ArrowKind =
  | "float"
  | "integer"
  | "wide integer"
  | "boolean"
  | "decimal"
  | "text"
  | "bytes"
  | "list"
  | "dictionary"
  | "null"
  | "other";

const kinds: Readonly<Record<number, ArrowKind>> = {
  ...{ [-1]: "dictionary", 1: "null", 2: "integer", 3: "float", 4: "bytes", 5: "text", 6: "boolean", 7: "decimal", 12: "list" },
  ...{ 16: "list", 19: "bytes", 20: "text", 21: "list", 23: "bytes", 24: "text" },
};

/** What a column's values are; those of a dictionary, what its indices stand for. */
export function arrowKind(type: ArrowType): ArrowKind {
  const kind = kinds[type.typeId ?? 0] ?? "other";
  if (kind === "dictionary") return type.dictionary ? arrowKind(type.dictionary) : "other";
  return kind === "integer" && type.bitWidth === 64 ? "wide integer" : kind;
}

/** The whole number of a decimal, from its words of 32 bits, lowest first, in two's complement. */
function decimalDigits(words: ArrayLike<number>): bigint {
  let value = 0n;
  for (let i = words.length - 1; i >= 0; i--) value = (value << 32n) | BigInt(words[i] >>> 0);
  return BigInt.asIntN(32 * words.length, value);
}

/** digits / 10^scale: a bigint where it is a whole number beyond 2⁵³, else the nearest double. */
export function decimalValue(digits: bigint, scale: number): number | bigint {
  // Decimals have at most 76 digits; a scale of a damaged file must not become a power that fills the memory.
  if (Math.abs(scale) > 1000) return Number(`${digits}e${-scale}`);
  const power = BigInt(`1${"0".repeat(Math.abs(scale))}`);
  const unit = scale > 0 ? power : 1n;
  const whole = scale > 0 ? digits / unit : digits * power;
  if (digits % unit === 0n && (whole > 9007199254740991n || whole < -9007199254740991n)) return whole;
  return Number(`${digits}e${-scale}`);
}

/** One value of a column: numbers, bigints, booleans and strings as they are, decimals as numbers, or as bigints beyond 2⁵³; anything else as Arrow gives it. */
export function arrowValue(type: ArrowType, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  const plain = type.typeId === -1 && type.dictionary ? type.dictionary : type;
  if (kinds[plain.typeId ?? 0] !== "decimal") return value;
  const digits =
    typeof value === "bigint" || typeof value === "number" ? BigInt(value) : decimalDigits(new Uint32Array((value as Uint32Array).slice()));
  return decimalValue(digits, plain.scale ?? 0);
}

/**
 * The numbers of a column or of a row's list, by its type: floats, halves, whole numbers of up to 64 bits, booleans as 0 and 1, decimals, and what a dictionary stands for.
 *
 * @param nameOf - what errors call value j
 * @throws RangeError or TypeError naming a value that is null or that no double holds, or a type that holds no numbers
 */
export function arrowNumbers(
  vector: ArrowVector,
  half: HalfFormat | undefined,
  caller: string,
  nameOf: (j: number) => string,
): FloatArray | ArrayLike<number> {
  const { type, length } = vector;
  const kind = arrowKind(type);
  if (!["float", "integer", "wide integer", "boolean", "decimal", "null"].includes(kind) && length > 0)
    throw valueError(caller, nameOf(0), `is of type ${String(type)}`, "numbers or booleans");
  if (type.typeId !== -1 && vector.nullCount === 0 && (kind === "float" || kind === "integer"))
    return toFloats(vector.toArray(), half ?? (type.precision === 0 ? "float16" : undefined), caller, nameOf(0));
  const narrow = kind === "float" && (type.dictionary ?? type).precision !== 2;
  const numbers = narrow ? new Float32Array(length) : new Float64Array(length);
  for (let j = 0; j < length; j++) {
    const value = arrowValue(type, vector.get(j));
    const number = Number(value);
    if (typeof value === "bigint" && BigInt(number) !== value)
      throw valueError(caller, nameOf(j), `is ${value}`, "a whole number that a double holds, such as any below 2^53");
    if (typeof value !== "number" && typeof value !== "boolean" && typeof value !== "bigint")
      throw kindError(caller, nameOf(j), value, "a number");
    numbers[j] = number;
  }
  return numbers;
}

/** {@link arrowNumbers} as 32- or 64-bit floats. */
export function arrowFloats(vector: ArrowVector, half: HalfFormat | undefined, caller: string, nameOf: (j: number) => string): FloatArray {
  return asFloatArray(arrowNumbers(vector, half, caller, nameOf));
}
