import { kindError, valueError } from "../core/errors.ts";
import type { Matrix } from "../core/matrix.ts";

/** Features and labels from a table of text. */
export interface FeatureTable {
  /** n × d. */
  readonly matrix: Matrix;
  /** n labels, or null where none were asked for: numbers (bigints beyond 2⁵³) where every one is a number, else strings. */
  readonly labels: readonly (number | bigint)[] | readonly string[] | null;
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
    const bytes = new Uint8Array(input instanceof ArrayBuffer ? input : input.buffer, input instanceof ArrayBuffer ? 0 : input.byteOffset);
    const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    const wanted = wide
      ? "text in UTF-8: iconv -f utf-16 -t utf-8 turns it"
      : "text in UTF-8: iconv -f latin1 -t utf-8 turns it, or whatever it is";
    throw valueError(caller, name, wide ? "is UTF-16" : "is not UTF-8", wanted);
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes as the text that they are, exactly: two that differ must not become one class. Anything else as it is. */
export function decodeCell(value: unknown, caller: string, place: () => string): unknown {
  if (!(value instanceof Uint8Array)) return value;
  try {
    return decoder.decode(value);
  } catch {
    throw valueError(caller, place(), "is bytes that are no UTF-8", "text, or numbers");
  }
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
