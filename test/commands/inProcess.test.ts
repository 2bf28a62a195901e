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
  const listeners = process.stdout.listeners("error");
  process.argv = ["node", "softprobe", ...args];
  vi.resetModules();
  try {
    await import("../../src/cli/main.ts");
    return { code: process.exitCode, ...out };
  } finally {
    vi.restoreAllMocks();
    process.exitCode = undefined;
    // Each command adds one: of many in one process Node would warn.
    process.stdout.removeAllListeners("error");
    for (const listener of listeners) process.stdout.on("error", listener as () => void);
  }
}

describe("the command in this process", () => {
  it("writes grid, theory and tune as Markdown and as LaTeX", async () => {
    const rows = data.slice(0, 4);
    const small = ["--queries", "2", "--episodes", "6", "--fractions", "0.1,1"];
    const cases = [
      ["grid", [...rows, ...small, "--shots", "1", "--ways", "2,3"], "| ways | shots |", "2 & 1 &"],
      ["theory", [...rows, ...small, "--shots", "1"], "| shots | kept % |", "1 & 10 & "],
      ["tune", [...rows, "--queries", "2", "--mask", "centre>none"], "| mask | trained on |", "centre$>$none & support &"],
      ["tune", [...rows, "--without-base", "--mask", "simple", "--C", "1"], "| mask | trained on | C |", "simple & support & 1 &"],
    ] as const;
    for (const [name, args, title, line] of cases) {
      const markdown = await softprobe(name, ...args, "--format", "md");
      expect([markdown.code, markdown.stdout.includes(title)], markdown.stderr + markdown.stdout).toEqual([0, true]);
      const paper = join(folder, `${name}.tex`);
      expect(await softprobe(name, ...args, "--out", paper)).toEqual({ code: 0, stdout: "", stderr: "" });
      expect(readFileSync(paper, "utf8")).toContain(line);
    }
  });

  it("draws the learning curve of a probe where --shots is given", async () => {
    const picture = join(folder, "learning.svg");
    const { code, stderr } = await softprobe(
      "probe",
      ...data.slice(0, 4),
      "--shots",
      "1,3,all",
      "--draws",
      "2",
      "--C",
      "1",
      "--plot",
      picture,
    );
    expect([code, stderr]).toEqual([0, ""]);
    const svg = readFileSync(picture, "utf8");
    expect(svg).toContain("3 rows a class");
    expect(svg).toContain("test accuracy (%)");
  });

  it("puts saved results of two runs into one table, for a paper too", async () => {
    const at = (name: string): string => join(folder, name);
    const asked = ["--mask", "none", "--mask", "simple"];
    for (const shots of ["1", "2"])
      await softprobe("eval", ...data, ...asked, "--ways", "3", "--shots", shots, "--out", at(`s${shots}.json`));
    const { code, stdout } = await softprobe("table", at("s1.json"), at("s2.json"));
    expect(code).toBe(0);
    expect(stdout.split("\n")[0]).toMatch(/^mask +probe +3-way 1-shot +3-way 2-shot$/);
    expect(await softprobe("table", at("s?.json"), "--out", at("paper.tex"))).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(readFileSync(at("paper.tex"), "utf8")).toContain("mask & probe & 3-way 1-shot");
    expect((await softprobe("table", at("s1.json"), at("s1.json"), "--format", "md")).stdout.split("\n")[0]).toContain("| s1 |");
    expect((await softprobe("table", at("s1.json"))).stdout).toContain("difference");
    writeFileSync(at("none.json"), "{}");
    expect((await softprobe("table", at("none.json"))).stderr).toContain("none.json.schema is undefined");
    expect(await softprobe("table")).toMatchObject({ code: 2, stderr: expect.stringContaining("table needs results") });
  });

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

  it("fits a head, keeps it in each format, and predicts by it", async () => {
    const support = ["--features", file("features.npy"), "--labels", file("labels.npy")];
    const base = ["--base-features", file("base_features.npy"), "--base-labels", file("base_labels.npy")];
    const head = join(folder, "head.json");
    const loo = ["--C", "auto", "--temperature", "loo", "--reject", "coverage:0.9"];
    const fitted = await softprobe("fit", ...support, ...base, ...loo, "--mask", "variance@support/power:0.5", "--out", head);
    expect(fitted).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(readFileSync(head, "utf8")).schema).toBe("softprobe/head@1");
    for (const out of ["head.onnx", "head.npz"]) {
      expect(await softprobe("fit", ...support, "--out", join(folder, out), "--json")).toMatchObject({ code: 0, stderr: "" });
      expect(readFileSync(join(folder, out)).length).toBeGreaterThan(100);
    }
    const answers = await softprobe("predict", "--head", head, ...support, "--json");
    const { measures, labels } = JSON.parse(answers.stdout);
    expect(measures.accuracy).toBeGreaterThan(0.5);
    expect(labels).toHaveLength(112);
    for (const format of ["csv", "jsonl"]) {
      const out = join(folder, `answers.${format}`);
      expect((await softprobe("predict", "--head", head, ...support.slice(0, 2), "--format", format)).stdout).toContain("0");
      expect((await softprobe("predict", "--head", head, ...support.slice(0, 2), "--format", format, "--out", out)).code).toBe(0);
      expect(readFileSync(out, "utf8").trim().split("\n").length).toBeGreaterThanOrEqual(112);
    }
    expect((await softprobe("predict", "--head", join(folder, "head.npz"), ...support)).code).toBe(0);
    expect((await softprobe("fit", ...support, "--C", "0", "--out", head)).code).toBe(2);
    expect((await softprobe("predict", "--head", file("labels.npy"), ...support)).code).toBe(1);
  });

  it("sums up base classes, and takes the sums in their place", async () => {
    const stats = join(folder, "stats.npz");
    const base = ["--base-features", file("base_features.npy"), "--base-labels", file("base_labels.npy")];
    expect(await softprobe("stats", ...base, "--out", stats)).toMatchObject({ code: 0, stderr: "" });
    const merged = join(folder, "merged.npz");
    expect((await softprobe("stats", "--base-statistics", stats, "--out", merged)).code).toBe(0);
    const asked = ["eval", ...data, "--augmented", file("augmented.npy"), "--mask", "wiener@posterior/power:1", "--no-domain", "--json"];
    const results = async (...more: string[]) => JSON.parse((await softprobe(...asked, ...more)).stdout).results;
    expect(await results("--base-statistics", merged)).toEqual(await results(...base));
  });

  it("cuts a run into parts, goes on with one, streams another, and merges them to the bytes of one run", async () => {
    for (const command of ["eval", "curve"]) {
      const whole = (await softprobe(command, ...data, "--json")).stdout;
      const parts = [1, 2, 3].map((i) => join(folder, `${command}-${i}.json`));
      for (const [i, part] of parts.entries()) {
        const more = i === 0 ? ["--resume", "--out", part] : i === 1 && command === "eval" ? ["--stream", "--out", part] : ["--out", part];
        expect(await softprobe(command, ...data, "--shard", `${i + 1}/3`, ...more)).toMatchObject({ code: 0 });
      }
      expect((await softprobe("merge", ...parts, "--json")).stdout).toBe(whole);
      expect((await softprobe("merge", ...parts)).code).toBe(0);
      expect((await softprobe("merge", ...parts.slice(1), "--json")).stderr).toContain("parts has no shard 1/3");
    }
  });

  it("runs a study, tells how far it is, and merges it", async () => {
    const study = join(folder, "study.json");
    writeFileSync(
      study,
      JSON.stringify({
        schema: "softprobe/study@1",
        models: ["m"],
        datasets: ["d"],
        features: file("features.npy"),
        labels: file("labels.npy"),
        ways: [2, 3],
        shots: [1],
        queries: 4,
        episodes: 6,
        masks: ["none", "pair@oracle/top:0.5"],
      }),
    );
    expect(JSON.parse((await softprobe("study", "status", study, "--json")).stdout)).toMatchObject({
      cells: [{ state: "open" }, { state: "open" }],
      done: 0,
    });
    const ran = await softprobe("study", "run", study);
    expect([ran.code, ran.stderr]).toEqual([0, expect.any(String)]);
    expect((await softprobe("study", "status", study)).code).toBe(0);
    expect(JSON.parse((await softprobe("study", "status", study, "--json")).stdout)).toMatchObject({ done: 2 });
    expect((await softprobe("study", "merge", study)).code).toBe(0);
    expect(
      readFileSync(join(folder, "study-results", "results.csv"), "utf8")
        .trim()
        .split("\n"),
    ).toHaveLength(5);
    expect((await softprobe("study", "walk", study)).code).toBe(2);
  });

  it("chooses on a support alone, and completes command lines", async () => {
    const alone = ["tune", "--features", file("features.npy"), "--labels", file("labels.npy"), "--without-base", "--mask", "none"];
    const chosen = await softprobe(...alone, "--C", "0.1,1", "--json");
    expect(chosen).toMatchObject({ code: 0 });
    expect((await softprobe(...alone, "--C", "1")).stdout).toContain("none");
    for (const shell of ["bash", "zsh", "fish"]) expect((await softprobe("completion", shell)).stdout).toContain("softprobe");
    expect((await softprobe("completion", "tcsh")).code).toBe(2);
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
