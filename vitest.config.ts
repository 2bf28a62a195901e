import { defineConfig } from "vitest/config";

/** Tests of what is built, the command and the package: they alone wait for a build. */
const built = ["test/cli/**/*.test.ts", "test/package/**/*.test.ts"];

declare module "vitest" {
  export interface ProvidedContext {
    readonly propertySeed: number;
  }
}

/** The seed of every property test: SOFTPROBE_SEED=n, or =random for one that no run has had. */
function propertySeed(): number {
  const asked = process.env.SOFTPROBE_SEED;
  if (!asked) return 1;
  const seed = asked === "random" ? crypto.getRandomValues(new Int32Array(1))[0] : Number(asked);
  if (!Number.isInteger(seed) || seed !== (seed | 0))
    throw new RangeError(`SOFTPROBE_SEED is "${asked}", expected "random" or a whole number of 32 bits`);
  console.log(`property tests: SOFTPROBE_SEED=${seed}`);
  return seed;
}

const shared = { setupFiles: "test/seedProperties.ts", provide: { propertySeed: propertySeed() } };

export default defineConfig({
  test: {
    reporters: ["default", "json"],
    outputFile: { json: ".vitest/report.json" },
    // Of the tests of the source: those of what is built run the bundle.
    coverage: {
      include: ["src/**/*.ts"],
      reporter: ["text-summary", "json-summary"],
      reportsDirectory: ".vitest/coverage",
      thresholds: { lines: 95 },
    },
    projects: [
      { test: { ...shared, name: "source", include: ["test/**/*.test.ts"], exclude: built, testTimeout: 60_000 } },
      {
        test: { ...shared, name: "built", include: built, testTimeout: 240_000, hookTimeout: 240_000, globalSetup: "test/builtPackage.ts" },
      },
    ],
  },
});
