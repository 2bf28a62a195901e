import { defineConfig } from "vitest/config";

// scripts/mutation.mjs runs this: some tests against mutants of what they test, on the cases that `npm test` tries.
export default defineConfig({
  test: {
    include: (process.env.SOFTPROBE_TESTS ?? "").split(","),
    setupFiles: "test/mutationSetup.ts",
    provide: { propertySeed: 1 },
    testTimeout: 60_000,
  },
});
