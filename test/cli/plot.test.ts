import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { small, softprobe, temporaryFolder } from "./run.ts";

const folder = temporaryFolder();
const masks = ["--mask", "none", "--mask", "pair@oracle/power:1", "--mask", "simple"];
const data = small.slice(0, 4);

describe("--plot", () => {
  it.each([
    ["eval", [...small, ...masks], ["pair@oracle/power:1", "simple", "difference in accuracy (points)"]],
    ["curve", small, ["5-way 1-shot", "knee: within 1 point of all"]],
    ["grid", [...small, "--shots", "1,2", "--ways", "2,3"], ["2 ways", "3 ways", "dimensions needed (%)"]],
    ["theory", [...small, "--shots", "1,2"], ["2 shots, measured", "theory"]],
    [
      "tune",
      [...data, "--ways", "2", "--queries", "5", "--mask", "simple"],
      ["simple", "90 % interval", "Gain over the unmasked probe on base classes"],
    ],
  ] as const)("%s draws its result, and prints what it prints without", async (name, args, texts) => {
    const path = join(folder, `${name}.svg`);
    const [drawn, plain] = [await softprobe([name, ...args, "--plot", path, "--json"]), await softprobe([name, ...args, "--json"])];
    expect(drawn).toEqual(plain);
    expect([drawn.code, drawn.stderr]).toEqual([0, ""]);
    const svg = readFileSync(path, "utf8");
    expect(svg).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    for (const text of texts) expect(svg).toContain(text);
  });

  it("writes the file whole or not at all: bad data leave what was there, and no other file beside it", async () => {
    const own = join(folder, "own");
    mkdirSync(own);
    writeFileSync(join(own, "kept.svg"), "before");
    const { code } = await softprobe(["curve", ...small, "--ways", "50", "--plot", join(own, "kept.svg")]);
    expect(code).toBe(1);
    expect(readFileSync(join(own, "kept.svg"), "utf8")).toBe("before");
    expect(readdirSync(own)).toEqual(["kept.svg"]);
    expect((await softprobe(["curve", ...small, "--plot", join(own, "kept.svg")])).code).toBe(0);
    expect(readFileSync(join(own, "kept.svg"), "utf8")).not.toContain("before");
    expect(readdirSync(own)).toEqual(["kept.svg"]);
  });

  it("leaves nothing where the name is a folder's", async () => {
    const own = join(folder, "taken");
    mkdirSync(join(own, "out.svg"), { recursive: true });
    const { code, stderr } = await softprobe(["curve", ...small, "--plot", join(own, "out.svg")]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("could not be written")]);
    expect(readdirSync(own)).toEqual(["out.svg"]);
  });
});
