import { defineConfig } from "vitest/config";

/** Tests of what is built, the command and the package: they alone wait for a build. */
const built = ["test/cli/**/*.test.ts", "test/package/**/*.test.ts"];

export default defineConfig({
  test: {
    reporters: ["default", "json"],
    outputFile: { json: ".vitest/report.json" },
    coverage: { include: ["src/**/*.ts"], reporter: ["text-summary", "json-summary"], reportsDirectory: ".vitest/coverage" },
    projects: [
      { test: { name: "source", include: ["test/**/*.test.ts"], exclude: built, testTimeout: 60_000 } },
      { test: { name: "built", include: built, testTimeout: 240_000, hookTimeout: 240_000, globalSetup: "test/builtPackage.ts" } },
    ],
  },
});
