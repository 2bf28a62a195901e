// GNU parallel: shards of one run, killed and resumed; merged, they equal the single run byte for byte. node examples/parallel/start.mjs
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { command, compare, cuts, killHolders, must, partsFolder, tell, untilUnderWay, withRun } from "../common.mjs";

const script = join(import.meta.dirname, "shards.sh");

await withRun(async (made) => {
  for (const of of cuts) {
    const parts = partsFolder(made.folder, `parts-${of}`);
    const line = [script, String(of), parts, ...command, ...made.args];
    // A group of its own, so that parallel can be killed with its shell; the jobs, each a group of its own too, follow: as by a power failure.
    const child = spawn("sh", line, { stdio: "ignore", detached: true });
    const ended = once(child, "close");
    await untilUnderWay(parts, of);
    process.kill(-child.pid, "SIGKILL");
    killHolders(parts);
    await ended;
    await must("sh", line);
    // Everything is done: the job log alone says so.
    await must("sh", line);
    tell("parallel", of, "killed and resumed", await compare(made, parts, of));
  }
});
