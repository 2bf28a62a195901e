import { cutMiddle, displayWidth } from "./terminal.ts";

/** How wide a column of text is for each pixel of its size, about, in a sans-serif face. */
const COLUMN = 0.56;

/** Escapes text for XML content and attributes; what XML 1.0 cannot hold (controls, lone surrogates) becomes `�`. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "�")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** One element: attributes escaped, numbers to a hundredth of a pixel; `content` is XML already. */
export function element(name: string, attributes: Readonly<Record<string, string | number>>, content?: string): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(typeof value === "number" ? pixel(value) : value)}"`);
  return content === undefined ? `<${name}${list.join("")}/>` : `<${name}${list.join("")}>${content}</${name}>`;
}

/** A coordinate to a hundredth of a pixel. */
export function pixel(value: number): string {
  return String(Math.round(100 * value) / 100 + 0);
}

/** About how many pixels wide `text` is at this size. */
export function textWidth(text: string, size: number): number {
  return displayWidth(text) * size * COLUMN;
}

/** Cuts `text` in its middle to about `width` pixels. */
export function fitText(text: string, size: number, width: number): string {
  return cutMiddle(text, Math.max(3, Math.floor(width / (size * COLUMN))));
}
