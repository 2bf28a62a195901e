import { defineConfig } from "vitest/config";

// scripts/mutation.mjs runs this: the tests of one room against its mutants, on the cases that `npm test` tries.
export default defineConfig({
  test: {
    include: (process.env.SOFTPROBE_ROOMS ?? "").split(",").map((room) => `test/${room}/**/*.test.ts`),
    setupFiles: "test/seedProperties.ts",
    provide: { propertySeed: 1 },
    testTimeout: 60_000,
  },
});
