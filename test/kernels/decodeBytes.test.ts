import { describe, expect, it } from "vitest";
import { alphabet, decodeBytes } from "../../src/kernels/decodeBytes.ts";
import { wasmBinary } from "../../src/kernels/wasmBinary.ts";

describe("decodeBytes", () => {
  it("reads one character for a frequent byte and two for a rare one", () => {
    expect([...decodeBytes("00ff07 !# !")]).toEqual([255, 7, 0, 255]);
    // 178 values: the last stands after the first of the two prefixes.
    const order = Array.from({ length: 178 }, (_, i) => i.toString(16).padStart(2, "0")).join("");
    const single = alphabet.length - 2;
    const twice = (value: number) =>
      alphabet[single + Math.floor((value - single) / alphabet.length)] + alphabet[(value - single) % alphabet.length];
    const text = [0, single - 1, single, 175, 176, 177].map((value) => (value < single ? alphabet[value] : twice(value))).join("");
    expect([...decodeBytes(`${order} ${text}`)]).toEqual([0, single - 1, single, 175, 176, 177]);
  });

  it("needs no escape in a string, a page's script or UTF-8", () => {
    expect(/^[ -~]+$/.test(wasmBinary)).toBe(true);
    expect(/["'`\\$<]/.test(wasmBinary)).toBe(false);
    expect(new Set(alphabet).size).toBe(alphabet.length);
  });

  it("gives the kernels, whole", () => {
    const bytes = decodeBytes(wasmBinary);
    expect([...bytes.subarray(0, 4)]).toEqual([0, 97, 115, 109]);
    expect(WebAssembly.validate(bytes)).toBe(true);
  });
});
