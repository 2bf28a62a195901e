import { cutMiddle, displayWidth } from "../report/terminal.ts";

/** How wide a column of text is for each pixel of its size, about, in a sans-serif face. */
const COLUMN = 0.56;

/** About how many pixels wide `text` is at this size: a document without a browser can't measure it. */
export function textWidth(text: string, size: number): number {
  return displayWidth(text) * size * COLUMN;
}

/** Cuts `text` in its middle to about `width` pixels. */
export function fitText(text: string, size: number, width: number): string {
  return cutMiddle(text, Math.max(3, Math.floor(width / (size * COLUMN))));
}

/** As many of the clauses, from the first, as fit into `width`; the first always. */
export function fitClauses(clauses: readonly string[], size: number, width: number): string {
  let count = clauses.length;
  while (count > 1 && textWidth(clauses.slice(0, count).join(""), size) > width) count--;
  return fitText(clauses.slice(0, count).join(""), size, width);
}
