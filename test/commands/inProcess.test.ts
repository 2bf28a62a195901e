import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";

// The command of src within this process, for what the tests of the built one cannot count: which of its lines are run.

const golden = join(import.meta.dirname, "../golden/command");
const file = (name: string): string => join(golden, name);
const data = ["--features", file("features.npy"), "--labels", file("labels.npy"), "--queries", "8", "--episodes", "8"];
const folder = mkdtempSync(join(tmpdir(), "softprobe-commands-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const argv = process.argv;
afterEach(() => {
  vi.restoreAllMocks();
  process.argv = argv;
  process.exitCode = undefined;
});

/** What a command line left: as its process would. */
async function softprobe(...args: readonly string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const out = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    vi.spyOn(process[stream], "write").mockImplementation((text, ...rest) => {
      out[stream] += text;
      const done = rest.find((each) => typeof each === "function") as (() => void) | undefined;
      done?.();
      return true;
    });
  process.argv = ["node", "softprobe", ...args];
  vi.resetModules();
  try {
    await import("../../src/cli/main.ts");
    return { code: process.exitCode, ...out };
  } finally {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  }
}

describe("the command in this process", () => {
  it("evaluates masks and probes, as a table, as JSON and into a file", async () => {
    const asked = ["--shots", "2", "--mask", "none", "--mask", "pair@augmented/power:0.5", "--probe", "softmax", "--probe", "centroid"];
    const views = ["--augmented", file("augmented.npy"), "--metric", "macroF1"];
    const table = await softprobe("eval", ...data, ...asked, ...views);
    expect(table).toMatchObject({ code: 0, stderr: "" });
    expect(table.stdout).toContain("pair@augmented/power:0.5");
    const json = await softprobe("eval", ...data, ...asked, ...views, "--json", "--per-episode");
    const document = JSON.parse(json.stdout);
    expect(document.results).toHaveLength(4);
    expect(document.config.files.features).toBe(file("features.npy"));
    const out = join(folder, "eval.json");
    expect(await softprobe("eval", ...data, ...asked, ...views, "--json", "--per-episode", "--out", out)).toEqual({
      code: 0,
      stdout: "",
      stderr: "",
    });
    expect(JSON.parse(readFileSync(out, "utf8"))).toEqual(document);
    const threads = await softprobe("eval", ...data, "--shots", "1,1,1,1,2", "--workers", "1", "--json");
    expect(JSON.parse(threads.stdout).config.shots).toEqual([1, 1, 1, 1, 2]);
  });

  it("measures curves, grids and theory", async () => {
    const svg = join(folder, "curve.svg");
    const curve = await softprobe("curve", ...data, "--shots", "1", "--plot", svg);
    expect(curve.code).toBe(0);
    expect(existsSync(svg)).toBe(true);
    const points = JSON.parse((await softprobe("curve", ...data, "--shots", "1", "--importance", "fisher@oracle", "--json")).stdout);
    expect(JSON.stringify(points)).toContain("fisher@oracle");
    const grid = await softprobe("grid", ...data, "--ways", "2,5,40", "--shots", "1,3");
    expect(grid).toMatchObject({ code: 0 });
    expect(grid.stdout).toContain("2");
    expect(JSON.parse((await softprobe("grid", ...data, "--ways", "2", "--shots", "1", "--json")).stdout).cells).toHaveLength(1);
    const theory = await softprobe("theory", ...data, "--shots", "1,5");
    expect(theory.stdout).toMatch(/theory/i);
    expect(JSON.parse((await softprobe("theory", ...data, "--shots", "1", "--json")).stdout).shots).toHaveLength(1);
  });

  it("tunes a mask, and shows the phenomenon on the user's features", async () => {
    const tuned = await softprobe(
      "tune",
      "--features",
      file("features.npy"),
      "--labels",
      file("labels.npy"),
      "--shots",
      "1",
      "--ways",
      "3",
      "--queries",
      "4",
    );
    expect(tuned).toMatchObject({ code: 0 });
    expect(tuned.stdout).toContain("none");
    const svg = join(folder, "demo.svg");
    const demo = await softprobe(
      "demo",
      "--features",
      file("features.npy"),
      "--labels",
      file("labels.npy"),
      "--episodes",
      "4",
      "--queries",
      "4",
      "--plot",
      svg,
    );
    expect(demo).toMatchObject({ code: 0 });
    expect(readFileSync(svg, "utf8")).toContain("<svg");
  });

  it("replays the episodes of a file, and refuses those that leak in its name", async () => {
    const episodes = join(folder, "episodes.json");
    writeFileSync(episodes, JSON.stringify({ episodes: [{ support: [4, 0, 3], query: [5, 13, 7] }] }));
    const replayed = await softprobe("eval", ...data.slice(0, 4), "--episodes-from", episodes, "--json");
    expect(JSON.parse(replayed.stdout || "{}").episodes ?? replayed.stderr).toBe(1);
    writeFileSync(episodes, JSON.stringify([{ support: [4, 0, 3], query: [0] }]));
    expect((await softprobe("eval", ...data.slice(0, 4), "--episodes-from", episodes)).stderr).toMatch(
      /^softprobe: replayEpisode: .*row 0 in both/,
    );
    writeFileSync(episodes, "3");
    expect((await softprobe("eval", ...data.slice(0, 4), "--episodes-from", episodes)).stderr).toMatch(
      /^softprobe: readEpisodes: .* is 3, expected an array/,
    );
    writeFileSync(episodes, "[]");
    expect((await softprobe("eval", ...data.slice(0, 4), "--episodes-from", episodes)).stderr).toMatch(/0 episodes, expected at least 1/);
  });

  it("helps, and says what is wrong with a command line: code 2, and with data: code 1", async () => {
    expect((await softprobe("--help")).stdout).toContain("softprobe");
    expect((await softprobe("help", "eval")).stdout).toContain("--features");
    expect((await softprobe("curve", "--help")).stdout).toContain("--shots");
    const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
      [[], 2, /no command; one of eval, curve/],
      [["evla"], 2, /unknown command "evla", did you mean eval\?/],
      [["zzzzzz"], 2, /unknown command "zzzzzz", expected one of/],
      [["eval"], 2, /--features is missing/],
      [["eval", "--fetures", "x"], 2, /--fetures/],
      [["eval", ...data, "--mask", "nope"], 2, /--mask: /],
      [["eval", ...data, "--probe", "nope"], 2, /--probe is "nope"/],
      [["eval", ...data, "--metric", "nope"], 2, /--metric is "nope"/],
      [["eval", ...data, "--shots", "x"], 2, /shots/],
      [["eval", ...data, "--base-features", "x"], 2, /go together/],
      [["eval", ...data, "--out", join(folder, "no/where.json")], 1, /could not be written \(ENOENT\)/],
      [["eval", "--features", file("features.npy"), "--labels", file("base_labels.npy")], 1, /labels, expected 112/],
      [["curve", ...data, "--importance", "nope"], 2, /importance/],
    ];
    for (const [args, code, says] of cases) {
      const ran = await softprobe(...args);
      expect(ran.stderr, args.join(" ")).toMatch(says);
      expect(ran.code, args.join(" ")).toBe(code);
    }
  });
});
