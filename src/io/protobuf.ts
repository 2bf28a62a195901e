/** A piece of a protocol buffer's message: bytes one after another. */
export type Message = readonly Uint8Array[];

const utf8 = /* @__PURE__ */ new TextEncoder();

/** A whole number of at least 0 in 7-bit groups, the low ones first. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
  return bytes;
}

/**
 * One field of a message: a number as a varint, text, bytes and messages by their length.
 *
 * @see https://protobuf.dev/programming-guides/encoding
 */
export function field(number: number, value: number | string | Uint8Array | Message): Message {
  if (typeof value === "number") return [Uint8Array.from([...varint(number * 8), ...varint(value)])];
  const parts = typeof value === "string" ? [utf8.encode(value)] : value instanceof Uint8Array ? [value] : value;
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return [Uint8Array.from([...varint(number * 8 + 2), ...varint(length)]), ...parts];
}

/** All bytes of a message. */
export function joinMessage(message: Message): Uint8Array {
  const out = new Uint8Array(message.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of message) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
