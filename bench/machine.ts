import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { createKernels } from "../src/kernels/createKernels.ts";
import type { Python } from "./python.ts";

/** What the run ran on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGB: number;
  readonly platform: string;
  /** Mean number of running processes in the last minute: far above 1, the medians are noise. */
  readonly load: number;
  /** What `kernels: "auto"` chose. */
  readonly kernels: string;
}

export function machineOf(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    load: Number(loadavg()[0].toFixed(2)),
    kernels: createKernels().kind,
  };
}

const versionOf = (folder: string): string => JSON.parse(readFileSync(`${folder}/package.json`, "utf8")).version;

/** Versions of everything that ran. */
export function versionsOf(python: Python | null): Readonly<Record<string, string>> {
  let gcc: Record<string, string> = {};
  try {
    gcc = { gcc: execFileSync("gcc", ["-dumpfullversion"], { encoding: "utf8" }).trim() };
  } catch {
    // No compiler: nothing was measured against it.
  }
  const peers = ["ml-logistic-regression", "ml-matrix", "ndarray-ops"];
  return {
    softprobe: versionOf("."),
    node: process.versions.node,
    ...Object.fromEntries(peers.map((name) => [name, versionOf(`node_modules/${name}`)])),
    ...(python?.versions ?? {}),
    ...gcc,
  };
}
