import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { browserFiles, chromium, chromiumFlags, hasChromium } from "./test/chromium.ts";

/** Tests of what is built, the command, the package and the examples: they alone wait for a build. */
const built = ["test/cli/**/*.test.ts", "test/package/**/*.test.ts", "test/examples/**/*.test.ts"];
/** Tests of the site, in Chromium. */
const pages = ["test/browser/**/*.test.ts"];

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

const inChromium = {
  // What the tests import, found out before the first of them: else Vite reloads the page in the middle of one.
  optimizeDeps: { entries: browserFiles() },
  test: {
    ...shared,
    name: "browser",
    include: browserFiles(),
    testTimeout: 300_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { executablePath: chromium, args: chromiumFlags } }),
      instances: [{ browser: "chromium" as const }],
    },
  },
};

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
      { test: { ...shared, name: "source", include: ["test/**/*.test.ts"], exclude: [...built, ...pages], testTimeout: 300_000 } },
      {
        test: { ...shared, name: "built", include: built, testTimeout: 600_000, hookTimeout: 600_000, globalSetup: "test/builtPackage.ts" },
      },
      { test: { ...shared, name: "pages", include: pages, testTimeout: 300_000, hookTimeout: 600_000, globalSetup: "test/builtSite.ts" } },
      ...(hasChromium ? [inChromium] : []),
    ],
  },
});
