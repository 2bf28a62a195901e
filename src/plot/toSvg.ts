import { kindError } from "../core/errors.ts";

/** Escapes text for XML content and attributes; what XML 1.0 cannot hold (controls, lone surrogates) becomes `�`. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "�")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

const ELEMENT = 1;
const TEXT = 3;

/** Attributes by name, the class first: documents keep them in orders of their own. */
function attributesOf(element: Element): string {
  const rank = (name: string): string => (name === "class" ? "" : name);
  return Array.from(element.attributes, ({ name, value }) => [name, value] as const)
    .filter(([name]) => name !== "xmlns")
    .sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1))
    .map(([name, value]) => ` ${name}="${escapeXml(value)}"`)
    .join("");
}

function serialize(element: Element, root: boolean): string {
  const name = element.localName;
  const children = Array.from(element.childNodes);
  const open = `<${name}${root ? ' xmlns="http://www.w3.org/2000/svg"' : ""}${attributesOf(element)}`;
  if (children.length === 0) return `${open}/>`;
  const parts = children.map((child) => {
    if (child.nodeType === ELEMENT) return serialize(child as Element, false);
    return child.nodeType === TEXT ? escapeXml(child.nodeValue ?? "") : "";
  });
  // A line for each element where blanks are no text.
  const gap = name === "svg" || name === "g" ? "\n" : "";
  return `${open}>${gap}${parts.join(gap)}${gap}</${name}>`;
}

/**
 * Turns the element that a plot returned into a standalone SVG file: well-formed XML, the same bytes in every document, no script, font or reference from outside.
 *
 * @param element - what a plot returned
 * @returns one `<svg>` element, with a newline at the end; every text in it is escaped
 * @throws TypeError when it is not an svg element
 * @example
 * ```ts
 * import { confusionMatrix } from "softprobe/statistics";
 * import { confusionPlot, toSvg } from "softprobe/plot";
 *
 * const matrix = confusionMatrix(["cat", "cat", "dog"], ["cat", "dog", "dog"]);
 * const svg = toSvg(confusionPlot(matrix, { title: "Cats & dogs" }));
 * console.log(/<title>.*?<\/title>/.exec(svg)?.[0]); // → <title>Cats &amp; dogs</title>
 * ```
 */
export function toSvg(element: SVGSVGElement): string {
  if (element?.nodeType !== ELEMENT || element.localName !== "svg")
    throw kindError("toSvg", "element", element, "the svg element that a plot returned");
  return `${serialize(element, true)}\n`;
}
