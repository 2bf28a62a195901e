import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { command, golden, hasTerminal, onTerminal, root, small, softprobe, temporaryFolder } from "./run.ts";

const folder = temporaryFolder();
const masks = ["--mask", "none", "--mask", "pair@oracle/power:1"];
const ESCAPE = "\u001b[";

describe("--out", () => {
  it("writes there what stdout would have had, and leaves stdout empty", async () => {
    const path = join(folder, "result.json");
    const [direct, filed] = await Promise.all([
      softprobe(["eval", ...small, ...masks, "--json"]),
      softprobe(["eval", ...small, ...masks, "--json", "--out", path]),
    ]);
    expect(filed).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(readFileSync(path, "utf8")).toBe(direct.stdout);
  });

  it("replaces a file whole", async () => {
    const path = join(folder, "long.txt");
    writeFileSync(path, "x".repeat(100_000));
    expect((await softprobe(["eval", ...small, "--out", path])).code).toBe(0);
    expect(readFileSync(path, "utf8")).toMatch(/^mask .*\n/);
    expect(readFileSync(path, "utf8")).not.toContain("xxx");
  });

  it("leaves the file of before when the data are bad, and no other beside it", async () => {
    const own = join(folder, "own");
    mkdirSync(own);
    const path = join(own, "kept.json");
    writeFileSync(path, "before");
    const { code } = await softprobe(["eval", ...small, "--features", "absent.npy", "--json", "--out", path]);
    expect(code).toBe(1);
    expect(readFileSync(path, "utf8")).toBe("before");
    expect(readdirSync(own)).toEqual(["kept.json"]);
  });

  it("leaves nothing where the name is a folder's", async () => {
    const own = join(folder, "taken");
    mkdirSync(join(own, "out.json"), { recursive: true });
    const { code, stdout, stderr } = await softprobe(["eval", ...small, "--json", "--out", join(own, "out.json")]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("could not be written");
    expect(readdirSync(own)).toEqual(["out.json"]);
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === "win32")(
    "leaves nothing in a folder without write permission (needs a user who is not root)",
    async () => {
      const own = join(folder, "closed");
      mkdirSync(own);
      chmodSync(own, 0o500);
      const { code, stderr } = await softprobe(["eval", ...small, "--json", "--out", join(own, "out.json")]);
      expect([code, stderr]).toEqual([1, expect.stringContaining("EACCES")]);
      expect(readdirSync(own)).toEqual([]);
    },
  );
});

describe("streams", () => {
  it("stderr stays empty when it is no terminal: no progress in logs", async () => {
    for (const name of ["eval", "curve"]) expect((await softprobe([name, ...small, "--episodes", "200"])).stderr).toBe("");
  });

  it("no colour goes to what is no terminal", async () => {
    const { stdout } = await softprobe(["eval", ...small, ...masks], { env: { FORCE_COLOR: "1" } });
    expect(stdout).not.toContain(ESCAPE);
  });

  it.skipIf(!hasTerminal)("a terminal sees colour and progress with rate and time left (needs util-linux' script)", () => {
    const { code, screen } = onTerminal(["eval", ...small, ...masks, "--episodes", "20000"]);
    expect(code).toBe(0);
    expect(screen).toMatch(/eval \d+\/20000 episodes, \d+\/s, \d+ s left/);
    expect(screen).toContain(`${ESCAPE}K`);
    expect(screen.replaceAll(`${ESCAPE}K`, "")).toContain(ESCAPE);
  });

  it.skipIf(!hasTerminal)("NO_COLOR leaves a terminal's table plain (needs util-linux' script)", () => {
    const { code, screen } = onTerminal(["eval", ...small, ...masks], { NO_COLOR: "1" });
    expect(code).toBe(0);
    expect(screen.replaceAll(`${ESCAPE}K`, "")).not.toContain(ESCAPE);
  });

  it("a reader that leaves early is no error", async () => {
    // More output than a pipe holds, read by nobody after the first bytes.
    const args = ["eval", ...small, "--episodes", "40000", "--per-episode", "--json"];
    const child = spawn(process.execPath, [command, ...args], { cwd: golden, stdio: ["ignore", "pipe", "pipe"] });
    let complaint = "";
    child.stderr.on("data", (chunk) => {
      complaint += chunk;
    });
    child.stdout.once("data", () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect([code, complaint]).toEqual([0, ""]);
  });
});

describe("--help and --version", () => {
  it("--version prints package.json's version", async () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    for (const flag of ["--version", "-v"]) {
      expect(await softprobe([flag], { cwd: folder })).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
    }
  });

  it("--help names the commands", async () => {
    const { code, stdout, stderr } = await softprobe(["--help"]);
    expect([code, stderr]).toEqual([0, ""]);
    for (const name of ["eval", "curve", "stats", "demo"]) expect(stdout).toMatch(new RegExp(`^ {2}${name} `, "m"));
    expect((await softprobe(["-h"])).stdout).toBe(stdout);
    expect((await softprobe(["help"])).stdout).toBe(stdout);
  });

  for (const [name, options] of [
    [
      "eval",
      [
        "--features",
        "--labels",
        "--augmented",
        "--base-features",
        "--base-labels",
        "--base-statistics",
        "--pool-augmented",
        "--ways",
        "--shots",
        "--queries",
        "--episodes",
        "--seed",
        "--episodes-from",
        "--mask",
        "--probe",
        "--C",
        "--train-on",
        "--normalize",
        "--per-episode",
        "--json",
        "--out",
      ],
    ],
    ["curve", ["--features", "--labels", "--importance", "--fractions", "--json"]],
    ["demo", ["--features", "--plot"]],
  ] as const) {
    it(`${name} --help tells its options`, async () => {
      const { code, stdout, stderr } = await softprobe([name, "--help"]);
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(new RegExp(`^softprobe ${name} `));
      for (const option of options) expect(stdout).toContain(option);
      expect((await softprobe([name, "-h"])).stdout).toBe(stdout);
      expect((await softprobe(["help", name])).stdout).toBe(stdout);
    });
  }
});
