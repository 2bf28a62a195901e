/**
 * A document to draw in: the page's where there is one, else linkedom's, which is loaded by this call and by nothing before it.
 *
 * @returns the document that plots take as `options.document`
 * @example
 * ```ts
 * import { plotDocument } from "softprobe/plot";
 *
 * const document = await plotDocument();
 * console.log(typeof document.createElementNS); // → function
 * ```
 */
export async function plotDocument(): Promise<Document> {
  const page = (globalThis as { document?: Document }).document;
  if (page) return page;
  const { parseHTML } = await import("linkedom/worker");
  return parseHTML("<!doctype html><html><body></body></html>").document;
}
