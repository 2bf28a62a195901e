/** What a picture needs of a document: any that follows the DOM has it. */
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
 * A document to draw in: the page's where there is one, else one that is large enough to draw in it and to write the picture by `toSvg`. Plots take it by themselves; to go on
 * with the element outside a page (`querySelector`, `append` …), pass them the document of a DOM such as jsdom or linkedom.
 *
 * @returns the document that plots take as `options.document`
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
