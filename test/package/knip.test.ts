import { expect, it } from "vitest";
import { printed, tool } from "./tarball.ts";

it("has no dead file, export or dependency, and lists each that it uses (knip)", async () => {
  expect(await printed(tool("knip"), ["--no-progress", "--no-config-hints"])).toBe("");
});
