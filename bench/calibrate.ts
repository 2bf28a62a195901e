import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeNpy } from "../src/io/writeNpy.ts";
import { benchFeatures } from "./data.ts";
import { type Result, seconds } from "./measure.ts";
import type { Room } from "./room.ts";

/** The files of Grocery where the repository's neighbour folder holds them, or synthetic ones of its size. */
function files(folder: string): { readonly features: string; readonly labels: string; readonly title: string } {
  const grocery = join("..", "shared", "features", "grocery-mobilenetv2");
  const title = "960 × 1280, 24 classes";
  if (existsSync(grocery))
    return { features: join(grocery, "features.npy"), labels: join(grocery, "labels.npy"), title: `Grocery, ${title}` };
  const { features, labels } = benchFeatures({ dims: 1280, classes: 24, rowsPerClass: 40 });
  mkdirSync(folder, { recursive: true });
  const made = { features: join(folder, "features.npy"), labels: join(folder, "labels.npy"), title };
  writeFileSync(made.features, writeNpy(features));
  writeFileSync(made.labels, writeNpy({ data: labels, shape: [labels.length] }));
  return made;
}

/** The command that fits a calibrated probe, on two workers, against what its user may have to wait: by the clock, from its start to its end. */
export const calibrateRoom: Room = {
  names: ["calibrate"],
  async run(bench): Promise<readonly Result[]> {
    const { features, labels, title } = files(join(bench.folder, "calibrate"));
    const head = join(bench.folder, "head.json");
    const asked = ["--C", "auto", "--temperature", "loo", "--workers", "2", "--out", head];
    const times = Array.from({ length: bench.quick ? 1 : 3 }, () => {
      const start = seconds();
      execFileSync(process.execPath, [join("dist", "cli.js"), "fit", "--features", features, "--labels", labels, ...asked]);
      return seconds() - start;
    }).sort((a, b) => a - b);
    const ours = { min: times[0], median: times[times.length >> 1] };
    const limit = 60;
    return [
      {
        ...{ name: "calibrate", case: `softprobe fit --C auto --temperature loo, ${title}`, unit: "seconds", ours },
        ...{ peer: "a minute", theirs: { min: limit, median: limit } },
        ratio: { min: limit / ours.min, median: limit / ours.median },
        target: { must: 1, moonshot: 12 },
        note: "two workers; by the clock, from the command's start to its end",
      },
    ];
  },
};
