import { defineConfig } from "vitepress";
import { apiSidebar } from "../../scripts/api.mjs";
import { brokenAnchors } from "./brokenAnchors.ts";
import { writePolicy } from "./contentPolicy.ts";

const guide = [
  { text: "Why", link: "/guide/why" },
  { text: "Quick start", link: "/guide/quick-start" },
  { text: "Features", link: "/guide/features" },
  { text: "Episodes", link: "/guide/episodes" },
  { text: "Importance", link: "/guide/importance" },
  { text: "Masks", link: "/guide/masks" },
  { text: "Bases", link: "/guide/bases" },
  { text: "Probes", link: "/guide/probes" },
  { text: "Evaluation", link: "/guide/evaluation" },
  { text: "What should I use?", link: "/what-to-use" },
  { text: "Choosing honestly", link: "/choosing" },
  { text: "Base statistics", link: "/base-statistics" },
  { text: "Heads to keep and ship", link: "/heads" },
  { text: "Pictures", link: "/plots" },
  { text: "Data in and out", link: "/data" },
  { text: "From a laptop to a cluster", link: "/scale" },
  { text: "Concepts", link: "/concepts" },
  { text: "The method", link: "/method" },
  { text: "Glossary", link: "/glossary" },
];
const recipes = [
  { text: "A classifier in the browser", link: "/recipes/browser" },
  { text: "Comparing two backbones", link: "/recipes/backbones" },
  { text: "Replaying easyfsl episodes", link: "/recipes/easyfsl" },
  { text: "A classifier of your own", link: "/recipes/custom-probe" },
  { text: "A mask or basis of your own", link: "/recipes/custom-mask" },
  { text: "Sharing base statistics", link: "/recipes/base-statistics" },
  { text: "evaluate by hand", link: "/recipes/by-hand" },
];
const evidence = [
  { text: "Science", link: "/science" },
  { text: "Performance", link: "/performance" },
  { text: "Trust", link: "/trust" },
  { text: "Architecture", link: "/architecture" },
  { text: "Dependencies", link: "/dependencies" },
  { text: "Peers", link: "/peers" },
];

const stages = apiSidebar();

const repository = process.env.DOCS_REPOSITORY;
const base = process.env.DOCS_BASE ?? "/";

export default defineConfig({
  title: "softprobe",
  description: "Few-shot linear probing of frozen features",
  lang: "en",
  base,
  cleanUrls: true,
  head: [["link", { rel: "icon", type: "image/svg+xml", href: `${base}icon.svg` }]],
  // Else a sheet of styles is put into the page at each switch, which a strict policy refuses.
  appearance: { disableTransition: false },
  metaChunk: true,
  srcExclude: ["results/**"],
  markdown: {
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    config(md) {
      // A file of the repository that a page names becomes a link where the build is told where that is: DOCS_REPOSITORY=https://github.com/owner/name.
      const plain = md.renderer.rules.code_inline;
      md.renderer.rules.code_inline = (tokens, i, ...rest) => {
        const code = plain?.(tokens, i, ...rest) ?? "";
        const file = /^(?:test|examples|src|scripts)\/[\w./-]+$/.exec(tokens[i].content)?.[0];
        return file && repository ? `<a href="${repository}/blob/main/${file}">${code}</a>` : code;
      };
    },
  },
  themeConfig: {
    nav: [
      { text: "Guide", link: "/guide/why", activeMatch: "^/guide/" },
      { text: "Recipes", link: "/recipes/browser", activeMatch: "^/recipes/" },
      { text: "Playground", link: "/playground" },
      { text: "API", link: "/api/", activeMatch: "^/api/" },
    ],
    sidebar: {
      "/": [
        { text: "Guide", items: guide },
        { text: "Recipes", items: recipes },
        { text: "Evidence", items: evidence },
        { text: "API", items: stages.map(({ text, link }) => ({ text, link })) },
      ],
      "/api/": [{ text: "API", link: "/api/", items: stages }],
    },
    outline: { level: [2, 3] },
    search: { provider: "local" },
  },
  vite: {
    worker: { format: "es" },
    build: { target: "es2022", chunkSizeWarningLimit: 2000 },
  },
  // VitePress refuses links to pages that are missing; this refuses those to headings that are missing.
  buildEnd: ({ outDir }) => {
    const broken = brokenAnchors(outDir, base);
    if (broken.length > 0) throw new Error(`site: ${broken.length} links to headings that are missing:\n${broken.join("\n")}`);
    writePolicy(outDir);
  },
});
