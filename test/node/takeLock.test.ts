import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { takeLock } from "../../src/node/takeLock.ts";

const folder = mkdtempSync(join(tmpdir(), "softprobe-lock-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;
const fresh = (): string => join(folder, `${count++}.lock`);

describe("takeLock", () => {
  it("is held by one at a time, and free again once released", async () => {
    const path = fresh();
    const lock = await takeLock(path, "out.json");
    await expect(takeLock(path, "out.json")).rejects.toThrow(
      new RegExp(
        `^takeLock: out\\.json is being made by process ${process.pid} on .+, expected nobody; wait for it, or choose another output$`,
      ),
    );
    lock.release();
    expect(existsSync(path)).toBe(false);
    (await takeLock(path, "out.json")).release();
    expect(readdirSync(folder).filter((name) => name.startsWith(`${count - 1}.`))).toEqual([]);
  });

  it("breaks the lock of a process that is gone", async () => {
    const path = fresh();
    const lock = await takeLock(path, "out.json");
    const holder = JSON.parse(readFileSync(path, "utf8"));
    lock.release();
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    writeFileSync(path, JSON.stringify({ ...holder, pid: child.pid, id: "gone" }));
    (await takeLock(path, "out.json")).release();
  });

  it.runIf(existsSync("/proc/self/stat"))(
    "breaks the lock of a dead process that its parent has not heard of, as under a container's first process",
    async () => {
      const path = fresh();
      const lock = await takeLock(path, "out.json");
      const holder = JSON.parse(readFileSync(path, "utf8"));
      lock.release();
      // The shell becomes a sleeper, which knows nothing of the child that it began: killed, the child stays in the table. A shell that is still a shell would reap it.
      const parent = spawn("sh", ["-c", "sleep 600 & echo $!; exec sleep 600"], { stdio: ["ignore", "pipe", "ignore"] });
      try {
        const pid = Number(String(await once(parent.stdout, "data").then(([data]) => data)));
        while (readFileSync(`/proc/${parent.pid}/comm`, "utf8") !== "sleep\n") await new Promise((resolve) => setTimeout(resolve, 5));
        const fields = () =>
          readFileSync(`/proc/${pid}/stat`, "utf8")
            .replace(/^.*\) /, "")
            .split(" ");
        const held = { ...holder, pid, start: fields()[19], id: "dead" };
        writeFileSync(path, JSON.stringify(held));
        await expect(takeLock(path, "out.json")).rejects.toThrow(`by process ${pid}`);
        process.kill(pid, "SIGKILL");
        while (fields()[0] !== "Z") await new Promise((resolve) => setTimeout(resolve, 5));
        (await takeLock(path, "out.json")).release();
      } finally {
        parent.kill("SIGKILL");
      }
    },
  );

  it.runIf(existsSync("/proc/self/stat"))("breaks the lock of a process whose number another has by now", async () => {
    const path = fresh();
    const lock = await takeLock(path, "out.json");
    const holder = JSON.parse(readFileSync(path, "utf8"));
    lock.release();
    writeFileSync(path, JSON.stringify({ ...holder, start: "1", id: "before" }));
    (await takeLock(path, "out.json")).release();
  });

  it("waits for a beat of a holder that it can't see, on another host or of unknown form, and takes over in silence", async () => {
    for (const text of [JSON.stringify({ pid: 1, start: "1", place: "elsewhere", host: "node-7", id: "x" }), "", "not JSON"]) {
      const path = fresh();
      writeFileSync(path, text);
      (await takeLock(path, "out.json", { patience: 200 })).release();
      writeFileSync(path, text);
      let beat = 0;
      const timer = setInterval(() => utimesSync(path, 1000 + beat, 1000 + beat++), 20);
      await expect(takeLock(path, "out.json", { patience: 400 })).rejects.toThrow("is being made by");
      clearInterval(timer);
    }
  });

  it("goes by the beats' change, not by their time: clocks that differ or jump say nothing", async () => {
    const path = fresh();
    writeFileSync(path, JSON.stringify({ pid: 1, start: "1", place: "elsewhere", host: "node-7", id: "x" }));
    const ahead = Date.now() / 1000 + 1e6;
    utimesSync(path, ahead, ahead);
    (await takeLock(path, "out.json", { patience: 200 })).release();
  });

  it("lets exactly one of many break a stale lock", async () => {
    for (let round = 0; round < 20; round++) {
      const path = fresh();
      writeFileSync(path, JSON.stringify({ pid: 2 ** 22 + 1, start: "1", place: "elsewhere", host: "node-7", id: "x" }));
      const taken = await Promise.allSettled(Array.from({ length: 6 }, () => takeLock(path, "out.json", { patience: 40 })));
      expect(taken.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      for (const each of taken) if (each.status === "fulfilled") each.value.release();
    }
  });

  it("says where it can't be written", async () => {
    const path = join(folder, "nowhere", "x.lock");
    await expect(takeLock(path, "out.json")).rejects.toThrow(`takeLock: ${path} could not be written (ENOENT), expected a writable folder`);
  });
});
