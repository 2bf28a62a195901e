import { fullAccuracy, type NamedCurve } from "./checkResults.ts";
import { percent } from "./numbers.ts";
import { fitText, pixel, textWidth } from "./svg.ts";
import { COLOURS, drawMarker, MUTED, SIZE, shape, write } from "./svgTheme.ts";

/** Curves by name, then what the band is; rows as the width asks. */
export function drawLegend(curves: readonly NamedCurve[], width: number): { readonly parts: string[]; readonly height: number } {
  const parts: string[] = [];
  let [x, y] = [16, 50];
  const entries = curves.map(({ name, curve }, i) => {
    const full = fullAccuracy(curve);
    return { text: `${name || "accuracy"}${Number.isFinite(full) ? ` (dashed: all dimensions, ${percent(full)} %)` : ""}`, i };
  });
  for (const { text: whole, i } of [...entries, { text: "band: 95 % interval", i: -1 }]) {
    const text = fitText(whole, SIZE, width - 62);
    const wide = 34 + textWidth(text, SIZE);
    if (x > 16 && x + wide > width - 16) [x, y] = [16, y + 19];
    const [light] = COLOURS[Math.max(0, i) % COLOURS.length];
    const swatch = { x, y: y - 10, width: 24, height: 11, "fill-opacity": 0.25 };
    if (i < 0) parts.push(shape("rect", "muted", { ...swatch, fill: MUTED[0] }));
    else {
      const line = { d: `M${pixel(x)} ${pixel(y - 4)}h24`, stroke: light, fill: "none", "stroke-width": 2 };
      parts.push(shape("path", `line${i % COLOURS.length}`, line), drawMarker(i, x + 12, y - 4));
    }
    parts.push(write(text, x + 30, y));
    x += wide + 16;
  }
  return { parts, height: y - 50 + 22 };
}
