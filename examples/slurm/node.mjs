// A Slurm of one node for as long as a function runs: its own configuration, ports and folder, nothing of the machine's.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { cpus, hostname } from "node:os";
import { join } from "node:path";
import { pause, run } from "../common.mjs";

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Calls `use(environment)` with a running Slurm, as root; its daemons end with it. */
export async function withSlurm(folder, use) {
  const home = join(folder, "slurm");
  for (const name of [home, join(home, "state"), join(home, "spool")]) mkdirSync(name);
  const host = hostname().split(".")[0];
  const config = join(home, "slurm.conf");
  const settings = {
    ClusterName: "softprobe",
    SlurmctldHost: `${host}(127.0.0.1)`,
    SlurmctldPort: await freePort(),
    SlurmdPort: await freePort(),
    // One machine, one user: no munge needed.
    ...{ AuthType: "auth/none", CredType: "cred/none", SlurmUser: "root", SlurmdUser: "root" },
    ...{ StateSaveLocation: join(home, "state"), SlurmdSpoolDir: join(home, "spool") },
    ...{ SlurmctldPidFile: join(home, "slurmctld.pid"), SlurmdPidFile: join(home, "slurmd.pid") },
    ...{ SlurmctldLogFile: join(home, "slurmctld.log"), SlurmdLogFile: join(home, "slurmd.log") },
    ...{ ProctrackType: "proctrack/linuxproc", TaskPlugin: "task/none", MpiDefault: "none" },
    ...{ SelectType: "select/cons_tres", SelectTypeParameters: "CR_CPU", AccountingStorageType: "accounting_storage/none" },
    ...{ SchedulerParameters: "sched_interval=1,batch_sched_delay=0,sched_min_interval=0", ReturnToService: 2, KillWait: 2 },
  };
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  lines.push(`NodeName=${host} NodeAddr=127.0.0.1 CPUs=${cpus().length} State=UNKNOWN`);
  lines.push(`PartitionName=all Nodes=${host} Default=YES MaxTime=INFINITE State=UP`);
  writeFileSync(config, `${lines.join("\n")}\n`);
  const env = { ...process.env, SLURM_CONF: config };
  const daemons = [
    ["slurmctld", "-D", "-f", config],
    ["slurmd", "-D", "-f", config, "-N", host],
  ].map(([name, ...args]) => spawn(name, args, { env, stdio: "ignore" }));
  const ended = daemons.map((daemon) => once(daemon, "close"));
  try {
    for (let i = 0; ; i++) {
      const { stdout } = await run("sinfo", ["--noheader", "--format=%T"], { env });
      if (stdout.trim() === "idle") break;
      if (i === 150) throw new Error(`slurm: the node is "${stdout.trim()}", expected idle; see ${home}/*.log`);
      await pause(200);
    }
    return await use(env);
  } finally {
    for (const daemon of daemons) daemon.kill("SIGTERM");
    await Promise.race([Promise.all(ended), pause(5000)]);
    for (const daemon of daemons) daemon.kill("SIGKILL");
  }
}
