/** Characters that stand for themselves in a string of whichever quotes, in a script within a page, and in one byte of UTF-8. */
export const alphabet = " !#%&()*+,-./0123456789:;=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~";

/**
 * Bytes written as text by scripts/wasm.mjs: one character for each of the most frequent values, two for the rest. What repeats in the bytes repeats in the
 * text, which is why it compresses to little more than the bytes themselves, where base64 takes half as much again.
 *
 * @param text - `order`, the byte values by falling frequency in two hexadecimal digits each, and the bytes, parted by the first space
 */
export function decodeBytes(text: string): Uint8Array<ArrayBuffer> {
  const start = text.indexOf(" ") + 1;
  const order = Array.from({ length: (start - 1) / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
  const single = alphabet.length - 2;
  const places = new Map(Array.from(alphabet, (character, i) => [character, i]));
  const bytes = new Uint8Array(text.length - start);
  let count = 0;
  for (let i = start; i < text.length; i++) {
    let place = places.get(text[i])!;
    if (place >= single) place = single + (place - single) * alphabet.length + places.get(text[++i])!;
    bytes[count++] = order[place];
  }
  return bytes.slice(0, count);
}
