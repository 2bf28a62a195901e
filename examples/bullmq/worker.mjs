// A worker that counts shards from a BullMQ queue: node worker.mjs QUEUE REDIS_PORT. A job is {parts, shard, of, line}: the command line of a run and its folder of parts.
// SIGTERM: the shard under way ends in good order (its journal keeps what it counted), its job goes back, the worker ends.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "bullmq";

const [queue, port] = process.argv.slice(2);
let child;

const worker = new Worker(
  queue,
  async ({ data: { parts, shard, of, line } }) => {
    const [program, ...args] = [...line, "--shard", `${shard}/${of}`, "--resume", "--out", join(parts, `part-${shard}.json`)];
    child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.on("data", (data) => {
      stderr += data;
    });
    const [code, signal] = await once(child, "close");
    // Thrown, it is tried again: also where an orphan of a killed worker still counts this very shard, whose lock says so.
    if (code !== 0) throw new Error(`shard ${shard}/${of}: exit code ${code} ${signal ?? ""} ${stderr}`);
  },
  // A worker that dies is noticed within seconds, and its job is taken by another.
  {
    connection: { host: "127.0.0.1", port: Number(port), maxRetriesPerRequest: null, retryStrategy: () => 200 },
    ...{ lockDuration: 3000, stalledInterval: 1000, maxStalledCount: 10 },
  },
);
// Without a listener an error, such as redis gone for a while, would end the process.
worker.on("error", () => {});

process.once("SIGTERM", async () => {
  child?.kill("SIGTERM");
  // Where redis does not answer, closing may wait for ever: the job then stalls, and another worker takes it.
  setTimeout(() => process.exit(0), 10_000).unref();
  await worker.close();
  process.exit(0);
});
console.log("ready");
