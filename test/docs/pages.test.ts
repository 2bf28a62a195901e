import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { listFiles } from "./examples.ts";

const root = join(import.meta.dirname, "../..");
const pages = listFiles(root, "docs", ".md").filter((file) => !/^docs\/(?:api|\.vitepress)\//.test(file));

it("every test that a page names is there", () => {
  const named = pages.flatMap((page) =>
    [...readFileSync(join(root, page), "utf8").matchAll(/`((?:test|examples|scripts)\/[\w./-]+)`/g)].map(([, file]) => ({ page, file })),
  );
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter(({ file }) => !existsSync(join(root, file)))).toEqual([]);
});

it("every page that a comment of the source names is there", () => {
  const named = listFiles(root, "src", ".ts").flatMap((file) =>
    [...readFileSync(join(root, file), "utf8").matchAll(/(?<![\w/.])[\w/-]+\.md\b/g)].map(([page]) => ({ file, page })),
  );
  expect(named.filter(({ page }) => !existsSync(join(root, page)))).toEqual([]);
});

it("each line of the table of peers is of as many cells, and each of ours that says yes names its test", () => {
  const lines = readFileSync(join(root, "docs/peers.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("|"));
  const cells = lines.map((line) => line.split("|").slice(1, -1));
  expect(new Set(cells.map(({ length }) => length)).size).toBe(1);
  const ours = cells.slice(2).filter(([, cell]) => /^ (?:yes|to the optimum)/.test(cell));
  expect(ours.length).toBeGreaterThan(15);
  expect(ours.filter(([, cell]) => !/`test\/[\w./-]+\.test\.ts`/.test(cell))).toEqual([]);
});

it("every page stands in the sidebar", () => {
  const config = readFileSync(join(root, "docs/.vitepress/config.ts"), "utf8");
  const missing = pages.filter((page) => page !== "docs/index.md" && !config.includes(`"/${page.slice("docs/".length, -".md".length)}"`));
  expect(missing).toEqual([]);
});

it("the guide's diagrams are those that node scripts/guidePictures.mjs draws", () => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, "scripts/guidePictures.mjs"), "--check"], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
});
