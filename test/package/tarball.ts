import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

export const root = join(import.meta.dirname, "../..");
const run = promisify(execFile);

/** Runs a program in a folder and returns what it printed; rejects with both streams when it fails. */
export async function printed(program: string, args: readonly string[], cwd = root): Promise<string> {
  try {
    return (await run(program, args, { cwd, maxBuffer: 1 << 26 })).stdout;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(" ")}\n${stdout}${stderr}`, { cause: error });
  }
}

/** A development tool's program in node_modules. */
export const tool = (name: string) => join(root, "node_modules/.bin", name);

/** Packs what would be published into a folder, and returns the tarball's path. */
export async function pack(folder: string): Promise<string> {
  const [{ filename }] = JSON.parse(await printed("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder]));
  return join(folder, filename);
}
