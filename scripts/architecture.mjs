// Draws the rooms of src and the way of one episode through them to docs/rooms.svg, from scripts/rooms.mjs.
// node scripts/architecture.mjs            write it        --check    exit code 1 if it differs from what is there
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { rooms } from "./rooms.mjs";

const file = "docs/rooms.svg";
/** Rooms that an episode visits, and what it is there. */
const way = {
  plan: "checked once",
  episodes: "1  its rows are drawn",
  estimate: "2  moments, bases",
  importance: "3  values a dimension",
  mask: "4  weights a column",
  solve: "5  fit",
  probe: "5  decide",
  score: "6  counts",
  run: "7  put together",
  evaluate: "8  mean, interval, p",
};
const layers = [
  ["core", "features", "episodes", "kernels", "statistics"],
  ["basis", "importance", "mask", "theory"],
  ["solve", "heldout", "probe", "incremental"],
  ["plan", "estimate", "pipeline", "score", "tune"],
  ["run", "evaluate"],
  ["report", "plot", "io", "study", "node", "cli"],
];
const [width, height, gap, top] = [190, 74, 14, 44];
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
/** A description in two lines. */
function lines(text) {
  const words = text.split(" ");
  let first = "";
  while (words.length > 0 && (first + words[0]).length < 26) first += `${words.shift()} `;
  return [first.trim(), words.join(" ")];
}
const boxes = layers.flatMap((layer, l) =>
  layer.map((room, i) => {
    const [x, y] = [gap + i * (width + gap), top + l * (height + 2 * gap)];
    const [first, second] = lines(rooms[room]);
    const step = way[room];
    return [
      `<g transform="translate(${x} ${y})"><rect width="${width}" height="${height}" rx="6" fill="${step ? "#e8f0fe" : "#f6f6f6"}" stroke="${step ? "#3367d6" : "#999"}"/>`,
      `<text x="10" y="20" font-weight="bold">${room}</text>`,
      ...(step ? [`<text x="${width - 10}" y="20" text-anchor="end" fill="#3367d6">${escaped(step)}</text>`] : []),
      `<text x="10" y="42">${escaped(first)}</text><text x="10" y="59">${escaped(second)}</text></g>`,
    ].join("");
  }),
);
const [w, h] = [gap + 6 * (width + gap), top + layers.length * (height + 2 * gap)];
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="The rooms of src in six layers; a room imports rooms before it">
<rect width="${w}" height="${h}" fill="#fff"/>
<text x="${gap}" y="26" font-size="14">A room imports rooms to its left and above it. Blue: the way of one episode.</text>
${boxes.join("\n")}
</svg>
`;
const drawn = layers.flat();
const missing = Object.keys(rooms).filter((room) => !drawn.includes(room));
if (missing.length > 0) throw new Error(`scripts/architecture.mjs: no place for ${missing.join(", ")}, expected one for every room`);
if (process.argv.includes("--check")) {
  if (!existsSync(file) || readFileSync(file, "utf8") !== svg) {
    console.error(`${file} is not what scripts/architecture.mjs draws: run it`);
    process.exit(1);
  }
} else writeFileSync(file, svg);
