import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium as engine } from "playwright";
import { afterAll, describe, expect, it } from "vitest";
import { chromium, chromiumFlags, hasChromium } from "../chromium.ts";
import { printed, root } from "../package/tarball.ts";

const running: ChildProcess[] = [];
afterAll(() => running.forEach((child) => void child.kill()));

const run = (name: string) => printed(process.execPath, [join(root, "examples", name, "start.mjs")]);

/** Starts an example that serves, on a free port, and returns its address. */
async function serve(name: string): Promise<string> {
  const child = spawn(process.execPath, [join(root, "examples", name, "start.mjs"), "0"], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  running.push(child);
  const [line] = (
    await new Promise<Buffer>((resolve, reject) => {
      child.stdout.once("data", resolve);
      child.once("exit", (code) => reject(new Error(`${name} ended with ${code}`)));
    })
  )
    .toString()
    .split("\n");
  return line;
}

describe("examples", () => {
  it("stand in the table of examples/README.md, each", () => {
    const folders = readdirSync(join(root, "examples"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const readme = readFileSync(join(root, "examples/README.md"), "utf8");
    expect(folders.length).toBeGreaterThan(3);
    for (const { name } of folders) expect(readme).toContain(`| \`${name}\` | \`npm run example ${name}\` |`);
  });

  it("custom-probe prints both probes' accuracy and differences", async () => {
    const lines = (await run("custom-probe")).split("\n");
    expect(lines.filter((line) => /^(?:none|pair@oracle\/power:1) /.test(line))).toHaveLength(4);
    expect(lines.filter((line) => line.includes("ml-logistic-regression"))).toHaveLength(2);
  });

  it("tfjs names the colours that it learnt", async () => {
    const names = (await run("tfjs"))
      .split("\n")
      .filter(Boolean)
      .map((line) => /: (\w+), \d+ %$/.exec(line)?.[1]);
    expect(names).toEqual(["apple", "lime", "plum"]);
  });

  it("node-service learns, predicts, gives its head, and says what is wrong with a request", async () => {
    const url = await serve("node-service");
    const post = async (path: string, body: unknown) => {
      const response = await fetch(url + path, { method: "POST", body: JSON.stringify(body) });
      return { status: response.status, ...((await response.json()) as object) };
    };
    expect(await post("predict", { features: [1, 0] })).toEqual({ status: 400, error: "no examples of two classes yet" });
    expect(await post("examples", { features: [1, 0], label: "refund" })).toEqual({ status: 200, examples: 1, ready: false });
    expect(await post("examples", { features: [0, 1], label: "parcel" })).toEqual({ status: 200, examples: 2, ready: true });
    expect(await post("predict", { features: [0.9, 0.2] })).toMatchObject({ status: 200, label: "refund" });
    expect(await post("examples", { features: [1], label: "refund" })).toMatchObject({
      status: 400,
      error: expect.stringContaining("toMatrix"),
    });
    expect(await post("predict", { features: [0.1, 0.9] })).toMatchObject({ status: 200, label: "parcel" });
    const head = await (await fetch(`${url}head`)).json();
    expect(head).toMatchObject({ schema: expect.stringMatching(/^softprobe\//) });
  });

  it.skipIf(!hasChromium)("browser learns in the page, from an import map alone (needs chromium)", async () => {
    const url = await serve("browser");
    const browser = await engine.launch({ executablePath: chromium, args: chromiumFlags });
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on("console", (message) => void (message.type() === "error" && complaints.push(message.text())));
      page.on("pageerror", (error) => void complaints.push(error.message));
      await page.goto(url);
      for (const [colour, name] of [
        ["#e01020", "red"],
        ["#1020e0", "blue"],
        ["#c02030", "red"],
      ]) {
        await page.getByLabel("Colour").fill(colour);
        await page.getByLabel("Name").fill(name);
        await page.getByRole("button", { name: "Learn" }).click();
      }
      await page.getByLabel("Colour").fill("#2030c0");
      await expect.poll(() => page.getByRole("status").textContent()).toMatch(/^blue \(\d+ %\)$/);
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
