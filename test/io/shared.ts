import { readFileSync } from "node:fs";

/** A fresh, aligned copy of a file under fixtures. */
export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`./fixtures/${name}`, import.meta.url)));
}

/** An npy file of this header, and `size` bytes of data. */
export function npyOf(header: string, size: number, version = 1, fill = 0): Uint8Array {
  const start = version === 1 ? 10 : 12;
  const bytes = new Uint8Array(start + header.length + size).fill(fill, start + header.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0, header.length & 255, (header.length >> 8) & 255]);
  if (version > 1) bytes[10] = header.length >> 16;
  bytes.set(new TextEncoder().encode(header), start);
  return bytes;
}

/** Runs `body`, which may throw an error of ours and no other: one that begins with a function's name. */
export function ourError(body: () => void): void {
  try {
    body();
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError) || !/^\w+: .+, expected /s.test(error.message)) throw error;
  }
}
