import { vi } from "vitest";

/** What a command line leaves, as its process would: the command of src, within this process. */
export async function softprobe(...args: readonly string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const out = { stdout: "", stderr: "" };
  const { argv, exitCode } = process;
  for (const stream of ["stdout", "stderr"] as const)
    vi.spyOn(process[stream], "write").mockImplementation((text, ...rest) => {
      out[stream] += text;
      const done = rest.find((each) => typeof each === "function") as (() => void) | undefined;
      done?.();
      return true;
    });
  process.argv = ["node", "softprobe", ...args];
  process.exitCode = undefined;
  vi.resetModules();
  try {
    await import("../../src/cli/main.ts");
    return { code: process.exitCode, ...out };
  } finally {
    vi.restoreAllMocks();
    Object.assign(process, { argv, exitCode });
  }
}
