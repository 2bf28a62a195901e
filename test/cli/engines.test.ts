import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "./run.ts";

/** Whether packages of Debian are there, or could be installed. */
const has = (...packages: string[]): boolean =>
  spawnSync(process.execPath, [join(root, "scripts/debian.mjs"), ...packages], { stdio: "inherit" }).status === 0;
const isRoot = process.getuid?.() === 0;

/** Runs an example as its users do, on three shards; all cuts are run by npm run test:parallel, test:slurm and test:redis. */
function example(name: string): string[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "examples", name, "start.mjs")], {
    encoding: "utf8",
    timeout: 150_000,
    env: { ...process.env, SHARDS: "3", EPISODES: "12000" },
  });
  expect([status, stderr]).toEqual([0, ""]);
  console.log(stdout.trimEnd());
  return stdout.trimEnd().split("\n");
}

describe("shards over engines that people run are the single run to the byte", () => {
  it.skipIf(!has("parallel"))("GNU parallel, killed and resumed (needs Debian's parallel)", () => {
    expect(example("parallel")).toEqual(["parallel: 3 shards, killed and resumed: cmp equal; 12000 episodes counted once, 0 again"]);
  });

  it.skipIf(!isRoot || !has("slurm-wlm"))("a Slurm job array, killed and submitted again (needs root and Debian's slurm-wlm)", () => {
    expect(example("slurm")).toEqual(["slurm: 3 shards, killed and submitted again: cmp equal; 12000 episodes counted once, 0 again"]);
  });

  it.skipIf(!has("redis-server", "redis-tools"))(
    "BullMQ, with a worker killed, one ended and redis restarted (needs Debian's redis-server)",
    () => {
      expect(example("bullmq")).toEqual([
        expect.stringMatching(
          /^bullmq: 3 shards, a worker killed, one ended, redis restarted: cmp equal; 12000 episodes counted once, \d+ again$/,
        ),
      ]);
    },
  );

  it("Kubernetes: the manifests fit the API's schemas, and their pods' command lines give the bytes", () => {
    expect(example("kubernetes")).toEqual([
      "kubernetes: job.yaml is a valid batch/v1 Job",
      "kubernetes: job-merge.yaml is a valid batch/v1 Job",
      "kubernetes: 8 indexes by the pods' command lines, some killed: cmp equal",
    ]);
  });
});
