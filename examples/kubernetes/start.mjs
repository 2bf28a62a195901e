// Kubernetes: checks the manifests by the schemas of its API, and runs the pods' own command lines here, one after the other, killed and made again. There is no cluster in it.
// node examples/kubernetes/start.mjs
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Job } from "kubernetes-models/batch/v1";
import { parse } from "yaml";
import { command, must, pause, withRun } from "../common.mjs";

const manifest = (name) => {
  const job = parse(readFileSync(join(import.meta.dirname, name), "utf8"));
  new Job(job).validate();
  console.log(`kubernetes: ${name} is a valid ${job.apiVersion} ${job.kind}`);
  return job;
};
const shards = manifest("job.yaml");
const merge = manifest("job-merge.yaml");

await withRun(async ({ folder }) => {
  mkdirSync(join(folder, "parts"));
  // What `npx --yes softprobe` runs in a pod.
  const bin = join(folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "npx"), `#!/bin/sh\nshift 2\nexec ${command.join(" ")} "$@"\n`);
  chmodSync(join(bin, "npx"), 0o755);
  const pod = (job, index) => {
    const [{ command: shell, args }] = job.spec.template.spec.containers;
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, JOB_COMPLETION_INDEX: String(index) };
    return spawn(shell[0], [...shell.slice(1), ...args], { cwd: folder, env, stdio: ["ignore", "ignore", "inherit"] });
  };
  for (let index = 0; index < shards.spec.completions; index++) {
    for (let attempt = 0; ; attempt++) {
      const child = pod(shards, index);
      const ended = once(child, "close");
      if (attempt === 0 && index % 5 === 0) {
        await pause(300);
        child.kill("SIGKILL");
      }
      const [code] = await ended;
      if (code === 0) break;
      if (attempt > 3) throw new Error(`kubernetes: index ${index} ended with ${code}, expected 0`);
    }
  }
  const [code] = await once(pod(merge, 0), "close");
  if (code !== 0 || !existsSync(join(folder, "result.json"))) throw new Error(`kubernetes: the merge ended with ${code}, expected 0`);
  renameSync(join(folder, "result.json"), join(folder, "merged.json"));
  const line = shards.spec.template.spec.containers[0].args[0];
  const args = /softprobe (eval .*?) --shard/s.exec(line)[1].split(/\s+/);
  await must(command[0], [command[1], ...args, "--json", "--out", "result.json"], { cwd: folder });
  await must("cmp", ["result.json", "merged.json"], { cwd: folder });
  console.log(`kubernetes: ${shards.spec.completions} indexes by the pods' command lines, some killed: cmp equal`);
}, 100);
