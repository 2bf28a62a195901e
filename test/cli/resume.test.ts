import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { episodesIn, linesOf, longRun, start, untilLines } from "./longRun.ts";
import { softprobe, temporaryFolder } from "./run.ts";

const folder = temporaryFolder();
const episodes = 4000;
let args: readonly string[];
let undisturbed: string;
let milliseconds = 0;
const run = (...more: string[]) => [...args, "--resume", "--out", ...more];
const path = (name: string) => join(folder, name);
const bytes = (name: string) => readFileSync(path(name), "utf8");
const journalOf = (name: string) => path(`${name}.journal`);
/** How many of the episodes were counted once, how many more often. */
const timesCounted = (name: string) => {
  const counted = episodesIn(journalOf(name));
  return { episodes: new Set(counted).size, again: counted.length - new Set(counted).size };
};

beforeAll(async () => {
  args = longRun(folder, episodes);
  const started = performance.now();
  const { code, stdout, stderr } = await softprobe(args, { cwd: folder });
  milliseconds = performance.now() - started;
  expect([code, stderr]).toEqual([0, ""]);
  undisturbed = stdout;
});

describe("softprobe --resume", () => {
  it.each([1, 2])(
    "gives the undisturbed run's bytes after kill -9 at any moments, and counts nothing twice, with --workers %i",
    async (workers) => {
      const name = `killed-${workers}.json`;
      const line = run(name, "--workers", String(workers));
      let killed = 0;
      for (let round = 0; round < 12; round++) {
        const { child, ended } = start(line, folder);
        // Anywhere: at the start, in the middle, at the writing of the output.
        const timer = setTimeout(() => child.kill("SIGKILL"), Math.random() * 0.6 * milliseconds);
        const { signal, code } = await ended;
        clearTimeout(timer);
        if (signal === null) {
          expect(code).toBe(0);
          break;
        }
        killed++;
      }
      expect(killed).toBeGreaterThan(0);
      expect(await softprobe(line, { cwd: folder })).toEqual({ code: 0, stdout: "", stderr: "" });
      expect(bytes(name)).toBe(undisturbed);
      expect(timesCounted(name)).toEqual({ episodes, again: 0 });
      console.log(
        `kill -9: ${killed} times with ${workers} workers; ${episodes} episodes, each counted once; the bytes of the undisturbed run`,
      );
      // And again: nothing is left to count.
      const before = readFileSync(journalOf(name), "utf8");
      expect((await softprobe(line, { cwd: folder })).code).toBe(0);
      expect([bytes(name), readFileSync(journalOf(name), "utf8") === before]).toEqual([undisturbed, true]);
    },
  );

  it("gives a shard's bytes too, and the parts the whole", async () => {
    const parts: string[] = [];
    for (const shard of ["1/2", "2/2"]) {
      const name = `part-${shard[0]}.json`;
      const line = run(name, "--shard", shard);
      const { child, ended } = start(line, folder);
      await untilLines(journalOf(name), 3);
      child.kill("SIGKILL");
      await ended;
      expect(existsSync(path(name))).toBe(false);
      expect(await softprobe(line, { cwd: folder })).toEqual({ code: 0, stdout: "", stderr: "" });
      parts.push(name);
    }
    expect((await softprobe(["merge", ...parts, "--json"], { cwd: folder })).stdout).toBe(undisturbed);
  });

  it("stops by SIGTERM in good order: exit code 143, the lock released, all that was counted kept", async () => {
    const name = "term.json";
    const { child, ended } = start(run(name), folder);
    await untilLines(journalOf(name), 4);
    child.kill("SIGTERM");
    const { code, stderr } = await ended;
    expect([code, stderr]).toEqual([
      143,
      `softprobe: stopped by SIGTERM; what is counted is kept in ${name}.journal: run the same command again to go on\n`,
    ]);
    expect([existsSync(path(name)), existsSync(path(`${name}.lock`))]).toEqual([false, false]);
    const kept = linesOf(journalOf(name));
    expect(await softprobe(run(name), { cwd: folder })).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(linesOf(journalOf(name)).slice(0, kept.length)).toEqual(kept);
    expect([bytes(name), timesCounted(name)]).toEqual([undisturbed, { episodes, again: 0 }]);
  });

  it("lets one of two processes on one output work and tells the other who it is", async () => {
    const name = "twice.json";
    const first = start(run(name), folder);
    await untilLines(journalOf(name), 2);
    const second = await softprobe(run(name), { cwd: folder });
    expect([second.code, second.stdout]).toEqual([1, ""]);
    expect(second.stderr).toContain(`takeLock: ${name} is being made by process ${first.child.pid} on `);
    expect((await first.ended).code).toBe(0);
    expect([bytes(name), timesCounted(name)]).toEqual([undisturbed, { episodes, again: 0 }]);
  });

  it("does not corrupt one output even where the lock is taken away from a living process", async () => {
    const name = "unlocked.json";
    const first = start(run(name), folder);
    await untilLines(journalOf(name), 3);
    rmSync(path(`${name}.lock`));
    const second = start(run(name), folder);
    const codes = (await Promise.all([first.ended, second.ended])).map(({ code }) => code);
    expect(codes).toEqual([0, 0]);
    expect([bytes(name), timesCounted(name).episodes]).toEqual([undisturbed, episodes]);
  });

  it("counts again what was torn or damaged, says so, and gives the same bytes", async () => {
    const name = "damaged.json";
    const { child, ended } = start(run(name), folder);
    await untilLines(journalOf(name), 6);
    child.kill("SIGKILL");
    await ended;
    const lines = linesOf(journalOf(name));
    lines[2] = lines[2].replace(/"totals":\[75/, '"totals":[57');
    lines[3] = lines[3].slice(0, 40);
    writeFileSync(journalOf(name), `${lines.join("\n")}\n{"crc":"0000`);
    const { code, stderr } = await softprobe(run(name), { cwd: folder });
    expect([code, stderr]).toEqual([0, `softprobe: ${name}.journal has 3 damaged lines: their episodes are counted again\n`]);
    expect([bytes(name), timesCounted(name)]).toEqual([undisturbed, { episodes, again: 0 }]);
  });

  it("refuses the journal of another run, and another run's data under the same names", async () => {
    const name = "other.json";
    const first = [...args.slice(0, -2), "--resume", "--out", name, "--episodes", "20"];
    expect((await softprobe(first, { cwd: folder })).code).toBe(0);
    const seed = await softprobe([...first, "--C", "2"], { cwd: folder });
    expect([seed.code, seed.stderr]).toEqual([
      1,
      expect.stringContaining(`journalFile: ${name}.journal is the journal of another run (config.C 1), expected 2`),
    ]);
    const features = readFileSync(path("f.npy"));
    const changed = Buffer.from(features);
    changed.writeFloatLE(changed.readFloatLE(changed.length - 4) + 0.5, changed.length - 4);
    writeFileSync(path("f.npy"), changed);
    const data = await softprobe(first, { cwd: folder });
    writeFileSync(path("f.npy"), features);
    expect([data.code, data.stderr]).toEqual([1, expect.stringContaining("is the journal of another run (data ")]);
  });

  it("fails with a clear error where the output's folder vanishes, and makes nothing anew", async () => {
    mkdirSync(path("gone"));
    const { child, ended } = start(run("gone/out.json"), folder);
    await untilLines(path("gone/out.json.journal"), 3);
    rmSync(path("gone"), { recursive: true });
    const { code, stderr } = await ended;
    expect(child.exitCode).toBe(1);
    expect([code, stderr]).toEqual([1, "softprobe: writeWhole: gone/out.json could not be written (ENOENT), expected a writable folder\n"]);
    expect(existsSync(path("gone"))).toBe(false);
  });

  const mounts =
    process.getuid?.() === 0 && spawnSync("sh", ["-c", "d=$(mktemp -d) && mount -t tmpfs -o size=64k tmpfs $d && umount $d"]).status === 0;
  it.skipIf(!mounts)("keeps what fits on a full disk, says so, and goes on once there is room (a small tmpfs; needs root)", async () => {
    const disk = path("disk");
    mkdirSync(disk);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=640k", "tmpfs", disk]);
    try {
      // Room for a few lines.
      writeFileSync(join(disk, "filler"), Buffer.alloc(624 * 1024));
      const name = "disk/out.json";
      const full = await softprobe(run(name), { cwd: folder });
      expect([full.code, full.stdout]).toEqual([1, ""]);
      expect(full.stderr).toBe(
        `softprobe: journal: ${name}.journal could not be written (ENOSPC), expected room for it; run the same command again to go on from what it holds\n`,
      );
      expect([existsSync(path(name)), existsSync(path(`${name}.lock`))]).toEqual([false, false]);
      const kept = timesCounted(name).episodes;
      rmSync(join(disk, "filler"));
      const { code, stderr } = await softprobe(run(name), { cwd: folder });
      expect(code).toBe(0);
      expect(stderr).toMatch(/^(softprobe: disk\/out\.json\.journal has 1 damaged line: its episodes are counted again\n)?$/);
      expect(kept).toBeGreaterThan(0);
      expect([bytes(name), timesCounted(name)]).toEqual([undisturbed, { episodes, again: 0 }]);
    } finally {
      execFileSync("umount", [disk]);
    }
  });

  it("needs a file to keep beside", async () => {
    const { code, stderr } = await softprobe([...args, "--resume"], { cwd: folder });
    expect([code, stderr]).toEqual([
      2,
      "softprobe: --resume needs --out FILE: what is counted is kept beside it (see softprobe eval --help)\n",
    ]);
  });
});
