import { constants } from "node:os";

/** A signal ended the run: exit code 128 + its number, as shells have it. */
export class Stopped extends Error {
  constructor(
    readonly signal: "SIGINT" | "SIGTERM",
    kept: string,
  ) {
    super(`stopped by ${signal}; ${kept}`);
  }

  get exitCode(): number {
    return 128 + constants.signals[this.signal];
  }
}

/** Runs something that SIGTERM and SIGINT stop in good order; a second signal ends the process at once. */
export async function untilStopped<T>(kept: string, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    release();
    controller.abort(new Stopped(signal as "SIGINT" | "SIGTERM", kept));
  };
  const release = (): void => {
    process.off("SIGTERM", stop);
    process.off("SIGINT", stop);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  try {
    return await run(controller.signal);
  } finally {
    release();
  }
}
