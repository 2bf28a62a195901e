import { writeWhole } from "../node/writeWhole.ts";
import { UsageError } from "./usageError.ts";

/** The file of `--plot`, checked as spelled; undefined where none is asked for. */
export function plotOption({ plot: path }: { readonly plot?: string }): string | undefined {
  if (path !== undefined && !/\.svg$/i.test(path)) throw new UsageError(`--plot is "${path}", expected the name of an .svg file`);
  return path;
}

/** Draws into a file, whole or not at all; nothing where no file is asked for. `draw` imports its plot itself: most commands draw nothing. */
export async function writePlot(path: string | undefined, draw: () => Promise<SVGSVGElement>): Promise<void> {
  if (path === undefined) return;
  const { toSvg } = await import("../plot/toSvg.ts");
  await writeWhole(path, toSvg(await draw()));
}
