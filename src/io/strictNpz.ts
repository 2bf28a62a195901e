import { kindError, shapeError, valueError } from "../core/errors.ts";
import type { NpyArray } from "./readNpy.ts";
import { readNpz } from "./readNpz.ts";

/** The arrays of a file of ours: taken one by one, held to kind and shape. */
export interface StrictNpz {
  has(key: string): boolean;
  /** Any array. */
  array(key: string): NpyArray;
  /** A single string. */
  text(key: string): string;
  /** Finite doubles of a shape; an axis of null may have any length. */
  doubles(key: string, shape: readonly (number | null)[]): { readonly data: Float64Array; readonly shape: readonly number[] };
}

/** Opens an npz file that must bear a schema's name, and no arrays but those that the schema knows. */
export function strictNpz(
  bytes: Uint8Array | ArrayBuffer,
  caller: string,
  name: string,
  { schema, keys }: { readonly schema: string; readonly keys: readonly string[] },
): StrictNpz {
  const arrays = readNpz(bytes, name);
  const array = (key: string): NpyArray => {
    const found = arrays.get(key);
    if (!found) throw valueError(caller, name, `has no array "${key}"`, `one, as ${schema} says`);
    return found;
  };
  const text = (key: string): string => {
    const { data } = array(key);
    if (data.length !== 1 || typeof data[0] !== "string") throw kindError(caller, `${name}:${key}`, data, "a single string");
    return data[0];
  };
  const found = arrays.has("schema") ? text("schema") : null;
  if (found !== schema) throw shapeError(caller, name, found === null ? "no schema" : `schema "${found.slice(0, 60)}"`, schema);
  for (const key of arrays.keys())
    if (!keys.includes(key)) throw valueError(caller, name, `has an array "${key.slice(0, 40)}"`, `none but ${keys.join(", ")}`);
  return {
    has: (key) => arrays.has(key),
    array,
    text,
    doubles(key, shape) {
      const { data, shape: own } = array(key);
      if (!(data instanceof Float64Array)) throw kindError(caller, `${name}:${key}`, data, "doubles (<f8)");
      if (own.length !== shape.length || own.some((length, i) => shape[i] !== null && shape[i] !== length)) {
        const wanted = shape.map((length) => length ?? "any").join(" × ") || "()";
        throw shapeError(caller, `${name}:${key}`, `shape ${own.join(" × ") || "()"}`, wanted);
      }
      for (let i = 0; i < data.length; i++)
        if (data[i] - data[i] !== 0) throw valueError(caller, `${name}:${key}`, `value ${i} is ${data[i]}`, "finite numbers");
      return { data, shape: own };
    },
  };
}
