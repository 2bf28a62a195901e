import { valueError } from "../core/errors.ts";
import { readOptions } from "../core/option.ts";
import { writeClassStatistics } from "../io/writeClassStatistics.ts";
import { readLabelled } from "../node/readLabelled.ts";
import { writeWhole } from "../node/writeWhole.ts";
import { trainingOptions } from "../plan/optionTable.ts";
import { type ClassStatistics, classStatistics, mergeClassStatistics } from "../statistics/classStatistics.ts";
import { readStatistics } from "./loadRun.ts";
import { checkFolders, deliver } from "./output.ts";
import { readCommand } from "./readCommand.ts";
import { type ReadingValues, readingOf } from "./reading.ts";
import { UsageError } from "./usageError.ts";

async function statisticsOf(
  featuresPath: string,
  labelsPath: string,
  values: ReadingValues,
  normalize: "l2" | "none",
): Promise<ClassStatistics> {
  const { features, labels } = await readLabelled(featuresPath, labelsPath, readingOf(values));
  return classStatistics(features, labels, { normalize });
}

/** `softprobe stats`. */
export async function statsCommand(args: readonly string[]): Promise<void> {
  const values = readCommand("stats", args);
  const { baseFeatures: featuresPath, baseLabels: labelsPath, baseStatistics: shards = [], out } = values;
  const { normalize } = readOptions({ normalize: trainingOptions.normalize }, values, "stats");
  if ((featuresPath === undefined) !== (labelsPath === undefined)) throw new UsageError("--base-features and --base-labels go together");
  if (featuresPath === undefined && shards.length === 0) throw new UsageError("--base-features is missing");
  if (out === undefined) throw new UsageError("--out is missing");
  await checkFolders(out === undefined ? [] : [out]);
  const parts: ClassStatistics[] = [];
  if (featuresPath !== undefined) parts.push(await statisticsOf(featuresPath, labelsPath!, values, normalize));
  for (const path of shards) {
    const next = await readStatistics(path);
    if (parts.length > 0 && next.cols !== parts[0].cols)
      throw valueError("stats", path, `has ${next.cols} dimensions`, `${parts[0].cols}, as the others`);
    parts.push(next);
  }
  const merged = parts.reduce((a, b) => mergeClassStatistics(a, b));
  const bytes = writeClassStatistics(merged);
  await writeWhole(out, bytes);
  const rows = merged.counts.reduce((sum, count) => sum + count, 0);
  await deliver(
    `${merged.classes.length} classes of ${rows} rows in ${merged.cols} dimensions: ${bytes.length} bytes in ${out}`,
    undefined,
  );
}
