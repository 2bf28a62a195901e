import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { brokenAnchors } from "../../docs/.vitepress/brokenAnchors.ts";

/** What is broken in a site of these pages. */
function brokenIn(pages: Record<string, string>, base?: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), "softprobe-anchors-"));
  try {
    for (const [path, text] of Object.entries(pages)) {
      mkdirSync(join(folder, path, ".."), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return brokenAnchors(folder, base);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it("finds links to headings that are missing, on the same page and on others", () => {
  const pages = {
    "index.html": '<h1 id="top">x</h1><a href="#top">a</a><a href="#bottom">b</a><a class="c" href="/guide/masks#soft">c</a>',
    "guide/masks.html": '<h2 id="soft">x</h2><a href="../#top">a</a><a href="./bases#hard">b</a>',
    "guide/bases.html": "<p>x</p>",
  };
  expect(brokenIn(pages).sort()).toEqual(["guide/masks.html: ./bases#hard", "index.html: #bottom"]);
});

it("leaves links to other sites alone, and knows the path under which the site is served", () => {
  const pages = {
    "index.html": '<a href="https://example.org/#x">a</a><a href="/docs/api/#one">b</a><a href="/docs/api/#two">c</a>',
    "api/index.html": '<h2 id="one">x</h2>',
  };
  expect(brokenIn(pages, "/docs/")).toEqual(["index.html: /docs/api/#two"]);
});
