/** Bytes turned at once: a multiple of 3, so that parts join, and few enough to be arguments of a call. */
const chunk = 24_576;

function encodeBytes(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += chunk) parts.push(btoa(String.fromCharCode(...bytes.subarray(at, at + chunk))));
  return parts.join("");
}

/** Doubles as base64 of their little-endian bytes: every bit is kept. */
export function encodeDoubles(values: ArrayLike<number>): string {
  const view = new DataView(new ArrayBuffer(8 * values.length));
  for (let i = 0; i < values.length; i++) view.setFloat64(8 * i, values[i], true);
  return encodeBytes(new Uint8Array(view.buffer));
}

/** The same in single precision. */
export function encodeSingles(values: ArrayLike<number>): string {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i], true);
  return encodeBytes(new Uint8Array(view.buffer));
}

/** The bytes, in a view; null where the text is no base64 or no whole number of elements of `size` bytes. */
function decodeBytes(text: string, size: number): DataView | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  const binary = atob(text);
  if (binary.length % size !== 0) return null;
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return new DataView(bytes.buffer);
}

/** The doubles of {@link encodeDoubles}; null where the text is no base64 or no whole number of doubles. */
export function decodeDoubles(text: string): Float64Array | null {
  const view = decodeBytes(text, 8);
  return view && Float64Array.from({ length: view.byteLength / 8 }, (_, i) => view.getFloat64(8 * i, true));
}

/** The numbers of {@link encodeSingles}, or null. */
export function decodeSingles(text: string): Float64Array | null {
  const view = decodeBytes(text, 4);
  return view && Float64Array.from({ length: view.byteLength / 4 }, (_, i) => view.getFloat32(4 * i, true));
}
