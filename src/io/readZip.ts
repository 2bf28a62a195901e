import { inflateSync } from "fflate";
import { crc32, crcTable } from "../core/crc32.ts";
import { valueError } from "../core/errors.ts";

/** An entry of a zip archive, as its central directory describes it. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes once inflated. */
  readonly size: number;
  readonly compressedSize: number;
  readonly method: number;
  readonly crc: number;
  /** Where its local header begins. */
  readonly start: number;
}

type Refuse = (found: string, wanted: string) => RangeError;

const endSize = 22;
/** No deflated byte becomes more than 1032, so a larger claim is a lie. */
const largestRatio = 1032;

/** An 8-byte whole number that a double holds. */
function wide(view: DataView, at: number, refuse: Refuse): number {
  const value = view.getBigUint64(at, true);
  if (value > 9007199254740991n) throw refuse(`has a size or offset of ${value}`, "one below 2^53");
  return Number(value);
}

/** Where the central directory begins and ends, and how many entries it has. */
function findDirectory(view: DataView, refuse: Refuse): { at: number; end: number; count: number } {
  const least = Math.max(0, view.byteLength - endSize - 65535);
  let end = view.byteLength - endSize;
  while (end >= least && !(view.getUint32(end, true) === 0x06054b50 && view.getUint16(end + 20, true) === view.byteLength - end - endSize))
    end--;
  if (end < least) throw refuse("is not a zip archive, or is truncated", "one that ends in a central directory");
  let count = view.getUint16(end + 10, true);
  let size = view.getUint32(end + 12, true);
  let at = view.getUint32(end + 16, true);
  if (count === 0xffff || size === 0xffffffff || at === 0xffffffff) {
    // The end record of zip64 stands where a locator of 20 bytes before this one says.
    const locator = end - 20;
    if (locator < 0 || view.getUint32(locator, true) !== 0x07064b50) throw refuse("has no zip64 locator", "one, as its end record says");
    const record = wide(view, locator + 8, refuse);
    if (record > locator - 56 || view.getUint32(record, true) !== 0x06064b50)
      throw refuse("has no zip64 end record", "one where its locator says");
    count = wide(view, record + 32, refuse);
    size = wide(view, record + 40, refuse);
    at = wide(view, record + 48, refuse);
    end = record;
  }
  if (at + size > end) throw refuse(`has a central directory at ${at} to ${at + size}`, `one that ends by byte ${end}`);
  if (count * 46 > size) throw refuse(`has a central directory of ${size} bytes for ${count} entries`, "at least 46 bytes an entry");
  return { at, end: at + size, count };
}

/** Sizes and offset from the zip64 extra field where the plain ones are full. */
function entrySizes(
  view: DataView,
  at: number,
  extra: number,
  extraEnd: number,
  refuse: Refuse,
): { size: number; compressedSize: number; start: number } {
  const plain = [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)];
  while (extra + 4 <= extraEnd && plain.includes(0xffffffff)) {
    const [id, length] = [view.getUint16(extra, true), view.getUint16(extra + 2, true)];
    extra += 4;
    if (extra + length > extraEnd) throw refuse("has an extra field that does not end", "one within its entry");
    if (id === 1) {
      let from = extra;
      for (let i = 0; i < 3; i++) {
        if (plain[i] !== 0xffffffff) continue;
        if (from + 8 > extra + length) throw refuse("has a zip64 field that is too short", "8 bytes for each size it stands for");
        plain[i] = wide(view, from, refuse);
        from += 8;
      }
      break;
    }
    extra += length;
  }
  return { size: plain[0], compressedSize: plain[1], start: plain[2] };
}

/** The entries that the central directory lists; nothing is inflated. */
export function listZip(bytes: Uint8Array, refuse: Refuse): ZipEntry[] {
  if (bytes.length < endSize) throw refuse(`is truncated: it has ${bytes.length} bytes`, `at least the ${endSize} of an empty zip archive`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { at: start, end, count } = findDirectory(view, refuse);
  const names = new Set<string>();
  const entries: ZipEntry[] = [];
  let at = start;
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50)
      throw refuse(`has no entry ${i} in its central directory`, `${count} entries`);
    const [nameLength, extraLength, commentLength] = [
      view.getUint16(at + 28, true),
      view.getUint16(at + 30, true),
      view.getUint16(at + 32, true),
    ];
    const next = at + 46 + nameLength + extraLength + commentLength;
    if (next > end) throw refuse(`has an entry ${i} that does not end`, "one within the central directory");
    const name = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(at + 46, at + 46 + nameLength));
    if (names.has(name)) throw refuse(`has "${name.slice(0, 40)}" twice`, "every name once");
    names.add(name);
    if (view.getUint16(at + 8, true) & 1) throw refuse(`has "${name.slice(0, 40)}" encrypted`, "plain entries");
    const extra = at + 46 + nameLength;
    const sizes = entrySizes(view, at, extra, extra + extraLength, refuse);
    entries.push({ name, method: view.getUint16(at + 10, true), crc: view.getUint32(at + 16, true), ...sizes });
    at = next;
  }
  return entries;
}

/** The content of an entry: a view where it is stored, inflated where it is deflated; checked by its size and its CRC. */
export function readZipEntry(bytes: Uint8Array, entry: ZipEntry, refuse: Refuse): Uint8Array {
  const { start, size, compressedSize, method } = entry;
  const name = `"${entry.name.slice(0, 40)}"`;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (start + 30 > bytes.length || view.getUint32(start, true) !== 0x04034b50)
    throw refuse(`has no ${name} at byte ${start}`, "the entry that its directory lists");
  const from = start + 30 + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
  if (from + compressedSize > bytes.length)
    throw refuse(`is truncated: ${name} ends at byte ${from + compressedSize} of ${bytes.length}`, "a whole entry");
  const packed = bytes.subarray(from, from + compressedSize);
  const content = method === 0 ? packed : inflate(packed, size, method, name, refuse);
  if (content.length !== size) throw refuse(`has ${name} of ${content.length} bytes or more`, `the ${size} that its directory says`);
  if (crc32(content, crcTable()) !== entry.crc) throw refuse(`has a damaged ${name}`, "the CRC that its directory says");
  return content;
}

function inflate(packed: Uint8Array, size: number, method: number, name: string, refuse: Refuse): Uint8Array {
  if (method !== 8) throw refuse(`has ${name} compressed by method ${method}`, "0 (stored) or 8 (deflated)");
  if (size > largestRatio * packed.length)
    throw refuse(`has ${name} of ${packed.length} bytes that would become ${size}`, `at most ${largestRatio} times as many`);
  try {
    // One byte more than wanted, so that more than wanted shows; fflate writes no further than that.
    return inflateSync(packed, { out: new Uint8Array(size + 1) });
  } catch (error) {
    throw refuse(`has ${name} that cannot be inflated (${(error as Error).message})`, "a deflated entry");
  }
}

/** What errors about `argument` look like. */
export function refusal(caller: string, argument: string): Refuse {
  return (found, wanted) => valueError(caller, argument, found, wanted);
}
