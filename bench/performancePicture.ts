import type { Result } from "./measure.ts";
import { showRatio, titleOf } from "./table.ts";

const [width, left, right, line, top] = [760, 400, 60, 26, 64];
const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** What the picture shows: our speed against scikit-learn's, where a reader would otherwise use scikit-learn. */
const shown = (result: Result): boolean => /scikit-learn|LogisticRegression/.test(result.peer) && result.name !== "episode-js";

/** Colours for readers who prefer light and for those who prefer dark. */
const style =
  "<style>.ink{fill:#24292f}.axis{stroke:#24292f}.grid{stroke:#d0d7de}.paper{fill:#fff}.more{fill:#0b5cad}.less{fill:#b35900}" +
  "@media (prefers-color-scheme:dark){.ink{fill:#e6e8eb}.axis{stroke:#e6e8eb}.grid{stroke:#343a42}.paper{fill:#14171a}.more{fill:#56b4e9}.less{fill:#e69f00}}</style>";

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
      `<line x1="${x(tick).toFixed(1)}" x2="${x(tick).toFixed(1)}" y1="${top - 8}" y2="${height - 34}" class="${tick === 1 ? "axis" : "grid"}"/>` +
      `<text x="${x(tick).toFixed(1)}" y="${height - 16}" text-anchor="middle">${tick} ×</text>`,
  );
  const dots = rows.map((result, i) => {
    const [cx, y] = [x(result.ratio.median).toFixed(1), top + line * i + 8];
    const text = escaped(`${titleOf(result.name)}, ${result.case}`);
    const side = result.ratio.median >= 1 ? "more" : "less";
    return (
      `<text x="${left - 14}" y="${y + 4}" text-anchor="end">${text.length > 62 ? `${text.slice(0, 61)}…` : text}</text>` +
      `<circle cx="${cx}" cy="${y}" r="5" class="${side}"/><text x="${Number(cx) + 10}" y="${y + 4}">${showRatio(result.name, result.ratio.median)}</text>`
    );
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" class="ink" role="img" aria-label="Speed of softprobe as a multiple of scikit-learn's, case by case">
${style}
<rect width="${width}" height="${height}" class="paper"/>
<text x="16" y="26" font-size="15" font-weight="600">How many times as fast as scikit-learn</text>
<text x="16" y="44">one thread each, medians of one run; right of the line at 1 softprobe is faster</text>
${grid.join("\n")}
${dots.join("\n")}
</svg>
`;
}
