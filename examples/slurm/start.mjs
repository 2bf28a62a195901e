// Slurm: job arrays of one run's shards on a cluster of one node, killed and submitted again; merged, they are the single run to the byte. node examples/slurm/start.mjs
import { join } from "node:path";
import { command, compare, cuts, must, partsFolder, pause, tell, untilUnderWay, withRun } from "../common.mjs";
import { withSlurm } from "./node.mjs";

const script = join(import.meta.dirname, "shards.sbatch");

await withRun((made) =>
  withSlurm(made.folder, async (env) => {
    for (const of of cuts) {
      const parts = partsFolder(made.folder, `parts-${of}`);
      const submit = async () => {
        const line = ["--parsable", `--array=1-${of}`, script, String(of), parts, ...command, ...made.args];
        return (await must("sbatch", line, { env, cwd: made.folder })).trim();
      };
      const untilGone = async (job) => {
        while ((await must("squeue", ["--noheader", "--format=%T"], { env })).trim() !== "") await pause(100);
        return job;
      };
      const first = await submit();
      await untilUnderWay(parts, of);
      // kill -9 for whatever runs, and the rest is cancelled: as when a node fails and its job is given up.
      await must("scancel", ["--signal=KILL", "--full", first], { env });
      await must("scancel", [first], { env });
      await untilGone(first);
      await untilGone(await submit());
      tell("slurm", of, "killed and submitted again", await compare(made, parts, of));
    }
  }),
);
