import { writeWhole } from "../node/writeWhole.ts";
import { UsageError } from "./usageError.ts";

/** The file of `--plot`, checked as spelled; undefined where none is asked for. */
export function plotOption({ plot: path }: { readonly plot?: string }): string | undefined {
  if (path !== undefined && !/\.svg$/i.test(path)) throw new UsageError(`--plot is "${path}", expected the name of an .svg file`);
  return path;
}

/**
 * Draws into a file, whole or not at all; nothing where no file is asked for. `draw` imports its plot itself, so that nothing of Observable Plot is loaded by a command that
 * draws nothing.
 */
export async function writePlot(
  path: string | undefined,
  draw: (options: { readonly document: Document }) => Promise<SVGSVGElement>,
): Promise<void> {
  if (path === undefined) return;
  const [{ plotDocument }, { toSvg }] = await Promise.all([import("../plot/plotDocument.ts"), import("../plot/toSvg.ts")]);
  await writeWhole(path, toSvg(await draw({ document: await plotDocument() })));
}
