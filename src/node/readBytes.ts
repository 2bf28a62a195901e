import { readFile } from "node:fs/promises";

async function readStandardInput(): Promise<Uint8Array> {
  const { stdin } = process;
  // Nobody else may have begun: two readers would get a part each.
  if (stdin.readableDidRead || stdin.readableEnded || stdin.listenerCount("readable") > 0)
    throw new Error("-: standard input has been read already, expected one - at most");
  const chunks: Uint8Array[] = [];
  for await (const chunk of stdin) chunks.push(chunk as Uint8Array);
  const whole = Buffer.concat(chunks);
  if (whole.length === 0) throw new Error("-: standard input is empty, expected an npy file");
  return new Uint8Array(whole.buffer, whole.byteOffset, whole.length);
}

/**
 * The bytes of a file, or of standard input, for `-`.
 *
 * @throws Error naming the file and the reason
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  if (path === "-") return readStandardInput();
  try {
    return await readFile(path);
  } catch (error) {
    throw new Error(
      `${path}: could not be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message}), expected a readable file`,
    );
  }
}
