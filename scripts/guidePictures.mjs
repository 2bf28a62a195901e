// Draws the diagrams at the head of guide pages, to docs/pictures/guide-*.svg: an episode, what a source sees, hard and soft masks, combining.
// node scripts/guidePictures.mjs       write them        --check    say which differ from what is there, exit code 1 if any does
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../docs/pictures");
const width = 520;
// Light, and dark where the reader prefers it, as the plots have it; the colours are Okabe and Ito's.
const style = `<style>text{font:14px system-ui,sans-serif;fill:#1b1f24}.s{font-size:12.5px;fill:#4a5058}.b{font-weight:600}.p{fill:#fff}.f{fill:#f3f5f7;stroke:#8a929b}
.l{stroke:#5b626b;fill:none;stroke-width:1.5}.a{fill:#5b626b}.c0{fill:#0072b2;stroke:#0072b2}.c1{fill:#d55e00;stroke:#d55e00}.c2{fill:#009e73;stroke:#009e73}.c3{fill:#cc79a7;stroke:#cc79a7}.c4{fill:#b8860b;stroke:#b8860b}
.h{fill-opacity:0;stroke-width:2}.o{fill:#c4c9cf;stroke:#c4c9cf}@media (prefers-color-scheme:dark){text{fill:#e6e9ec}.s{fill:#b9c0c9}.p{fill:#1b1b1f}.f{fill:#26282d;stroke:#7b838c}.l{stroke:#a3abb5}.a{fill:#a3abb5}
.c0{fill:#56b4e9;stroke:#56b4e9}.c1{fill:#ff8c42;stroke:#ff8c42}.c2{fill:#2fd0a0;stroke:#2fd0a0}.c3{fill:#e5a3c7;stroke:#e5a3c7}.c4{fill:#f0c75e;stroke:#f0c75e}.o{fill:#4a4f57;stroke:#4a4f57}}</style>`;

const svg = (height, title, parts) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img"><title>${title}</title>${style}<rect class="p" width="${width}" height="${height}"/>
${parts.flat(3).join("\n")}
</svg>
`;
const text = (x, y, words, { kind = "", anchor = "start" } = {}) =>
  `<text x="${x}" y="${y}"${kind ? ` class="${kind}"` : ""}${anchor === "start" ? "" : ` text-anchor="${anchor}"`}>${words}</text>`;
const circle = (x, y, kind, r = 6) => `<circle cx="${x}" cy="${y}" r="${r}" class="${kind}"/>`;
const box = (x, y, w, h, kind = "f") => `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="4" class="${kind}"/>`;
const arrow = (x1, y1, x2, y2) => {
  const angle = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
  return `<path class="l" d="M${x1} ${y1}L${x2} ${y2}"/><path class="a" d="M0 0l-9 -4v8z" transform="translate(${x2} ${y2}) rotate(${angle.toFixed(1)})"/>`;
};

/** Eight classes of seven rows; an episode takes three classes, two support and three query rows of each. */
function episode() {
  const taken = [1, 4, 6];
  const support = { 1: [2, 5], 4: [0, 3], 6: [1, 6] };
  const query = { 1: [0, 3, 6], 4: [1, 4, 5], 6: [0, 3, 4] };
  const rows = Array.from({ length: 8 }, (_, c) =>
    Array.from({ length: 7 }, (_, i) => {
      const at = taken.indexOf(c);
      const kind = at < 0 ? "o" : support[c].includes(i) ? `c${at}` : query[c].includes(i) ? `c${at} h` : "o";
      return circle(20 + 22 * i, 48 + 22 * c, kind);
    }),
  );
  const drawn = taken.map((_, at) => {
    const y = 78 + 48 * at;
    return [
      text(262, y + 5, ["fox", "owl", "yak"][at], { kind: "b", anchor: "end" }),
      [0, 1].map((i) => circle(290 + 24 * i, y, `c${at}`, 8)),
      [0, 1, 2].map((i) => [circle(392 + 30 * i, y, `c${at} h`, 8), text(392 + 30 * i, y + 4.5, "?", { kind: "s", anchor: "middle" })]),
    ];
  });
  return svg(244, "An episode: some classes, a few labelled rows of each to learn from, further rows to predict", [
    text(14, 22, "Your labelled rows, by class", { kind: "b" }),
    rows,
    arrow(176, 126, 216, 126),
    text(264, 22, "Episode: 3-way 2-shot", { kind: "b" }),
    text(280, 52, "support", { kind: "s" }),
    text(384, 52, "queries", { kind: "s" }),
    drawn,
    text(262, 210, "The probe learns from the support.", { kind: "s" }),
    text(262, 228, "The queries measure its accuracy.", { kind: "s" }),
  ]);
}

/** Which rows each source sees: full circles are seen. */
function sources() {
  const columns = ["support", "its views", "base classes", "queries"];
  const seen = [
    ["support", 1, 0, 0, 0],
    ["augmented", 1, 1, 0, 0],
    ["base", 1, 0, 1, 0],
    ["augmented+base", 1, 1, 1, 0],
    ["prior", 0, 0, 1, 0],
    ["posterior", 1, 1, 1, 0],
    ["oracle", 1, 0, 0, 1],
  ];
  return svg(304, "What each source of statistics sees", [
    columns.map((name, i) => text(196 + 92 * i, 24, name, { kind: "b", anchor: "middle" })),
    seen.map(([name, ...cells], row) => [
      box(8, 38 + 34 * row, width - 16, 28),
      text(18, 57 + 34 * row, name),
      cells.map((cell, i) => circle(196 + 92 * i, 52 + 34 * row, cell ? (i === 3 ? "c1" : "c0") : "o h", 7)),
    ]),
    text(10, 294, "Full: the statistics use these rows and their labels. Only the oracle sees queries.", { kind: "s" }),
  ]);
}

/** An estimated importance, and what a hard and a soft mask make of it. The fifth dimension matters and was estimated too low. */
function masks() {
  const estimate = [0.95, 0.8, 0.62, 0.5, 0.3, 0.42, 0.24, 0.18, 0.12, 0.08];
  const panel = (x, title, about, weights) => [
    text(x, 22, title, { kind: "b" }),
    weights.map((w, i) => {
      const h = Math.max(1, 96 * w);
      return `<rect x="${x + 14.6 * i}" y="${(138 - h).toFixed(1)}" width="10.6" height="${h.toFixed(1)}" class="${i === 4 ? "c1" : "c0"}"/>`;
    }),
    `<path class="l" d="M${x - 2} 138.5h148"/>`,
    about.map((line, i) => text(x, 160 + 17 * i, line, { kind: "s" })),
  ];
  return svg(216, "A hard mask drops a dimension that was estimated too low; a soft mask keeps part of it", [
    panel(12, "estimate", ["Importance by dimension.", "Orange: it matters, but", "was estimated too low."], estimate),
    panel(188, "hard: top:0.4", ["Four dimensions stay.", "The orange one is lost."], [1, 1, 1, 1, 0, 0, 0, 0, 0, 0]),
    panel(364, "soft: power:0.5", ["Weights fall gently.", "The wrong estimate", "costs little."], estimate.map(Math.sqrt)),
  ]);
}

/** Parts of a combination: maps of the same rows, each times a weight learned on base classes. */
function combining() {
  const parts = ["rows as they are", "centred", "whitened, three ridges", "between-class directions", "class density"];
  const y = (i) => 46 + 42 * i;
  return svg(286, "Combining: several maps of the same rows, added with weights learned on base classes", [
    text(8, 22, "rows", { kind: "b" }),
    text(96, 22, "maps", { kind: "b" }),
    text(302, 22, "weights", { kind: "b" }),
    text(404, 22, "one head", { kind: "b" }),
    box(8, y(2), 54, 30),
    text(35, y(2) + 20, "x", { anchor: "middle" }),
    parts.map((name, i) => [
      arrow(64, y(2) + 15, 92, y(i) + 15),
      box(96, y(i), 190, 30),
      text(106, y(i) + 20, name),
      arrow(288, y(i) + 15, 304, y(i) + 15),
      circle(322, y(i) + 15, `c${i}`, [7, 5, 13, 11, 9][i]),
      arrow(342, y(i) + 15, 400, y(2) + 15 + 3 * (i - 2)),
    ]),
    box(404, y(2) - 8, 108, 46),
    text(458, y(2) + 20, "class scores", { anchor: "middle" }),
    text(8, 276, "Episodes on held-out base classes set the weights, by log loss.", { kind: "s" }),
  ]);
}

let differ = 0;
for (const [name, picture] of Object.entries({ episode: episode(), sources: sources(), masks: masks(), combining: combining() })) {
  const path = join(folder, `guide-${name}.svg`);
  if (!process.argv.includes("--check")) writeFileSync(path, picture);
  else if (!existsSync(path) || readFileSync(path, "utf8") !== picture) {
    console.error(`docs/pictures/guide-${name}.svg is not what scripts/guidePictures.mjs draws`);
    differ++;
  }
}
process.exitCode = differ ? 1 : 0;
