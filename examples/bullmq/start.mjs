// BullMQ: shards of one run as jobs, with a worker killed, one told to end, and redis restarted; merged, they are the single run to the byte. node examples/bullmq/start.mjs
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Queue } from "bullmq";
import { command, compare, cuts, partsFolder, pause, tell, untilUnderWay, withRun } from "../common.mjs";
import { withRedis } from "./redis.mjs";

const file = join(import.meta.dirname, "worker.mjs");

async function startWorker(queue, port) {
  const child = spawn(process.execPath, [file, queue, String(port)], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  return { child, ended: once(child, "close") };
}

await withRun((made) =>
  withRedis(made.folder, async ({ port, restart }) => {
    for (const of of cuts) {
      const name = `softprobe-${of}`;
      const parts = partsFolder(made.folder, `parts-${of}`);
      const queue = new Queue(name, { connection: { host: "127.0.0.1", port, maxRetriesPerRequest: null, retryStrategy: () => 200 } });
      queue.on("error", () => {});
      const jobs = Array.from({ length: of }, (_, i) => ({
        name: "shard",
        data: { parts, shard: i + 1, of, line: [...command, ...made.args] },
        // One job a shard, however often it is added; tried again until it is done.
        opts: { jobId: `shard-${i + 1}`, attempts: 50, backoff: { type: "fixed", delay: 300 } },
      }));
      await queue.addBulk(jobs);
      const workers = [await startWorker(name, port), await startWorker(name, port)];
      await untilUnderWay(parts, of);
      // kill -9: its job stalls, and another worker takes it.
      workers[0].child.kill("SIGKILL");
      await restart();
      // SIGTERM: the shard under way is put down in good order.
      workers[1].child.kill("SIGTERM");
      await Promise.all(workers.map(({ ended }) => ended));
      const fresh = [await startWorker(name, port), await startWorker(name, port)];
      for (const started = Date.now(); ; ) {
        if (Date.now() - started > 120_000) throw new Error(`bullmq: ${of} shards were not done in two minutes`);
        const { completed, failed } = await queue.getJobCounts("completed", "failed");
        if (failed > 0) throw new Error((await queue.getFailed())[0].failedReason);
        if (completed === of) break;
        await pause(100);
      }
      for (const { child } of fresh) child.kill("SIGTERM");
      await Promise.all(fresh.map(({ ended }) => ended));
      await queue.close();
      tell("bullmq", of, "a worker killed, one ended, redis restarted", await compare(made, parts, of));
    }
  }),
);
