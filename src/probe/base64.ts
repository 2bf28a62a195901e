/** Bytes turned at once: a multiple of 3, so that parts join, and few enough to be arguments of a call. */
const chunk = 24_576;

/** Doubles as base64 of their little-endian bytes: every bit is kept. */
export function encodeDoubles(values: ArrayLike<number>): string {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) view.setFloat64(8 * i, values[i], true);
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += chunk) parts.push(btoa(String.fromCharCode(...bytes.subarray(at, at + chunk))));
  return parts.join("");
}

/** The doubles of {@link encodeDoubles}; null where the text is no base64 or no whole number of doubles. */
export function decodeDoubles(text: string): Float64Array | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  const binary = atob(text);
  if (binary.length % 8 !== 0) return null;
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(8 * i, true));
}
