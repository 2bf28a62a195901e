/** The part of a document that a picture needs; any DOM document has it. */
export type PlotDocument = Pick<Document, "createElementNS" | "createTextNode">;

/** As much of an element of the DOM as plots write and `toSvg` reads. */
function svgElement(localName: string): object {
  const values = new Map<string, string>();
  const childNodes: unknown[] = [];
  return {
    ...{ nodeType: 1, localName, childNodes },
    get attributes() {
      return Array.from(values, ([name, value]) => ({ name, value }));
    },
    getAttribute: (name: string) => values.get(name) ?? null,
    setAttribute: (name: string, value: string) => void values.set(name, value),
    appendChild: (child: unknown) => void childNodes.push(child),
  };
}

/**
 * Gives a document to draw in: the page's, or outside a page a minimal one, with which `toSvg` can write the picture. Plots use it by
 * default. To process the element further outside a page (`querySelector`, `append` …), pass the document of a DOM such as jsdom or
 * linkedom.
 *
 * @returns a document for `options.document` of a plot
 * @example
 * ```ts
 * import { plotDocument } from "softprobe/plot";
 *
 * console.log(typeof plotDocument().createElementNS); // → function
 * ```
 */
export function plotDocument(): PlotDocument {
  const page = (globalThis as { document?: Document }).document;
  if (page) return page;
  return {
    createElementNS: (_: unknown, name: string) => svgElement(name),
    createTextNode: (text: string) => ({ nodeType: 3, nodeValue: text }),
  } as unknown as PlotDocument;
}
