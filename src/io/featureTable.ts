import { kindError, valueError } from "../core/errors.ts";
import type { Matrix } from "../core/matrix.ts";

/** Features and labels from a table of text. */
export interface FeatureTable {
  /** n × d. */
  readonly matrix: Matrix;
  /** n labels, or null where the table has none: numbers where every one is written as a number is, else strings. */
  readonly labels: readonly number[] | readonly string[] | null;
  /** d names of columns. */
  readonly columns: readonly string[];
}

/** Bytes as UTF-8, or text, without a byte order mark. */
export function decodeText(input: string | Uint8Array | ArrayBuffer, caller: string, name: string): string {
  if (typeof input === "string") return input.startsWith("\ufeff") ? input.slice(1) : input;
  if (!(input instanceof Uint8Array || input instanceof ArrayBuffer)) throw kindError(caller, name, input, "text or bytes");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(input);
  } catch {
    throw valueError(caller, name, "is not UTF-8", "text in UTF-8");
  }
}

/** Labels as numbers where every one is written just as JavaScript would write it ("07" is not), else as they are. */
export function simplestLabels(labels: readonly string[]): readonly number[] | readonly string[] {
  const numbers = labels.map(Number);
  return numbers.every((value, i) => String(value) === labels[i] && Number.isFinite(value)) ? numbers : labels;
}

/** Numbers in an array that doubles when it is full. */
export function growingNumbers() {
  let data = new Float64Array(1024);
  let length = 0;
  return {
    push(value: number): void {
      if (length === data.length) {
        const larger = new Float64Array(2 * length);
        larger.set(data);
        data = larger;
      }
      data[length++] = value;
    },
    whole: (): Float64Array<ArrayBuffer> => data.slice(0, length),
  };
}
