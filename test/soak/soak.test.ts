import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";

it("uses no more memory after 40,000 episodes than after 4,000", () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["scripts/soak.mjs", "--episodes", "40000", "--early", "4000"], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  expect(status, stdout).toBe(0);
  expect(stdout).toMatch(/soak: 40000 episodes in .*: bounded\n$/);
}, 240_000);
