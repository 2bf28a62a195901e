import type { Result } from "./measure.ts";
import { showRatio, titleOf } from "./table.ts";

const [width, left, right, line, top] = [760, 400, 60, 26, 64];
const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** What the picture shows: our speed against scikit-learn's, where a reader would otherwise use scikit-learn. */
const shown = (result: Result): boolean => /scikit-learn|LogisticRegression/.test(result.peer) && result.name !== "episode-js";

/** Ratios of medians on a logarithmic axis, as an SVG document: a dot to the right of the line at 1 means that softprobe is faster. */
export function performancePicture(results: readonly Result[]): string {
  const rows = results.filter(shown);
  const values = rows.map(({ ratio }) => ratio.median);
  const [low, high] = [Math.min(0.5, ...values), Math.max(20, ...values) * 1.2];
  const x = (value: number): number =>
    left + ((Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low))) * (width - left - right);
  const height = top + line * rows.length + 40;
  const ticks = [0.1, 1, 10, 100, 1000].filter((tick) => tick >= low && tick <= high);
  const grid = ticks.map(
    (tick) =>
      `<line x1="${x(tick).toFixed(1)}" x2="${x(tick).toFixed(1)}" y1="${top - 8}" y2="${height - 34}" stroke="${tick === 1 ? "#24292f" : "#d0d7de"}"/>` +
      `<text x="${x(tick).toFixed(1)}" y="${height - 16}" text-anchor="middle">${tick} ×</text>`,
  );
  const dots = rows.map((result, i) => {
    const [cx, y] = [x(result.ratio.median).toFixed(1), top + line * i + 8];
    const text = escaped(`${titleOf(result.name)}, ${result.case}`);
    const colour = result.ratio.median >= 1 ? "#0b5cad" : "#b35900";
    return (
      `<text x="${left - 14}" y="${y + 4}" text-anchor="end">${text.length > 62 ? `${text.slice(0, 61)}…` : text}</text>` +
      `<circle cx="${cx}" cy="${y}" r="5" fill="${colour}"/><text x="${Number(cx) + 10}" y="${y + 4}">${showRatio(result.name, result.ratio.median)}</text>`
    );
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#24292f" role="img" aria-label="Speed of softprobe as a multiple of scikit-learn's, case by case">
<rect width="${width}" height="${height}" fill="#ffffff"/>
<text x="16" y="26" font-size="15" font-weight="600">How many times as fast as scikit-learn</text>
<text x="16" y="44">one thread each, medians of one run; right of the line at 1 softprobe is faster</text>
${grid.join("\n")}
${dots.join("\n")}
</svg>
`;
}
