// A redis of one's own on a free port for as long as a function runs.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { pause, run } from "../common.mjs";

/** Calls `use({port, restart})`: redis writes every change to its log, so that a restart loses no job. */
export async function withRedis(folder, use) {
  const home = join(folder, "redis");
  mkdirSync(home);
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  let redis;
  const start = async () => {
    const settings = [
      "--port",
      String(port),
      "--bind",
      "127.0.0.1",
      "--dir",
      home,
      "--appendonly",
      "yes",
      "--appendfsync",
      "always",
      "--save",
      "",
    ];
    redis = spawn("redis-server", settings, { stdio: "ignore" });
    for (let i = 0; (await run("redis-cli", ["-p", String(port), "ping"])).stdout.trim() !== "PONG"; i++) {
      if (i === 100) throw new Error(`redis: no answer on port ${port}, expected PONG`);
      await pause(50);
    }
  };
  const stop = async (signal) => {
    const ended = once(redis, "close");
    redis.kill(signal);
    await ended;
  };
  await start();
  try {
    return await use({
      port,
      async restart() {
        await stop("SIGKILL");
        await start();
      },
    });
  } finally {
    await stop("SIGTERM");
  }
}
