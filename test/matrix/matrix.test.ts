import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { documentDigests } from "./documents.ts";

it("gives the same bits in every environment that is here: Node, a worker thread, no WebAssembly, Chromium, a Web Worker", async () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["scripts/matrix.mjs", "--here"], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status, stdout).toBe(0);
  const lines = stdout.trim().split("\n");
  const found = existsSync("/usr/bin/chromium") ? 6 : 3;
  expect(lines).toHaveLength(found + 1);
  expect(lines.at(-1)).toContain(`matrix: ${found} of ${found} environments give the same bits`);
  // Nor does it depend on how the code was bundled.
  const { all } = await documentDigests();
  for (const line of lines.slice(0, found)) expect(line.split(": ")[1]).toBe(all);
}, 240_000);
