import { kindError } from "../core/errors.ts";

/** How data of 16 bits a number hold floats. */
export type HalfFormat = "float16" | "bfloat16";

/** A dtype in the words of any library, without its order of bytes: `<f2` is `f2`, `torch.float16` is `float16`. */
const plainName = (dtype: string): string =>
  dtype
    .trim()
    .toLowerCase()
    .replace(/^(?:torch|np|numpy|jnp|tf|dtypes?)\./, "")
    .replace(/^[<=|]/, "");

const halfNames: Readonly<Record<string, HalfFormat>> = {
  ...{ float16: "float16", f16: "float16", fp16: "float16", f2: "float16", e: "float16", half: "float16", halffloat: "float16" },
  ...{ float16array: "float16", bfloat16: "bfloat16", bf16: "bfloat16", brainfloat: "bfloat16" },
};
const uint16Names = ["uint16", "u16", "u2", "h", "ushort", "uint16array"];
/** Names of floats: of any width, and of 8 bits as ml_dtypes and safetensors have them. */
const floatName = /^(?:b?fp?\d|b?float|half|single|double|brain|e$|f$|d$)/;

/** The format of halves that a dtype names, else undefined. */
export function halfFormat(dtype: unknown): HalfFormat | undefined {
  const name = typeof dtype === "string" ? plainName(dtype) : "";
  return Object.hasOwn(halfNames, name) ? halfNames[name] : undefined;
}

/**
 * Refuses whole numbers that are the bits of something else: 16-bit integers whose dtype is not one of those, and any integers whose dtype names floats.
 *
 * @throws TypeError naming the dtype and what the data are
 */
export function checkDtype(data: unknown, dtype: unknown, caller: string, argument: string): void {
  if (typeof dtype !== "string" || !ArrayBuffer.isView(data)) return;
  const name = plainName(dtype);
  const short = data instanceof Uint16Array;
  const wrong = short
    ? !uint16Names.includes(name) && halfFormat(dtype) === undefined
    : !(data instanceof Float32Array || data instanceof Float64Array || /Float16Array/.test(Object.prototype.toString.call(data))) &&
      floatName.test(name);
  if (!wrong) return;
  const wanted = short
    ? 'dtype "uint16", or halves by "float16" or "bfloat16"'
    : "numbers that are floats: decode the bytes first, such as new Float32Array(data.buffer, data.byteOffset, length)";
  throw kindError(caller, `${argument} with dtype "${dtype.slice(0, 24)}"`, data, wanted);
}
