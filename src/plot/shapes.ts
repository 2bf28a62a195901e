/** An element to be: its name, its attributes, its text. */
export type Shape = readonly [name: string, attributes: Readonly<Record<string, string | number>>, text?: string];

/** Appends the shapes to `parent`, or puts them before `before`. */
export function drawShapes(parent: Element, shapes: readonly Shape[], before: Node | null = null): void {
  const { ownerDocument } = parent;
  for (const [name, attributes, text] of shapes) {
    const element = ownerDocument.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    if (text !== undefined) element.appendChild(ownerDocument.createTextNode(text));
    parent.insertBefore(element, before);
  }
}
