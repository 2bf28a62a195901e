import type { KnipConfig } from "knip";

export default {
  entry: [
    "src/*.ts",
    "bench/main.ts",
    "bench/memory.ts",
    "scripts/*.mjs",
    "test/**/*.test.ts",
    "test/package/pipeline.mjs",
    "test/{fuzz,matrix,soak}/*.ts",
    "test/{mutation.config,mutationSetup}.ts",
    "examples/*/*.{ts,mjs,js}",
    "docs/.vitepress/config.ts",
    "docs/.vitepress/theme/index.ts",
    "docs/.vitepress/playground/{Playground.vue,run.worker.ts}",
  ],
  project: [
    "src/**/*.ts",
    "test/**/*.{ts,mjs}",
    "bench/**/*.{ts,mjs}",
    "scripts/*.mjs",
    "examples/*/*.{ts,mjs,js}",
    "docs/.vitepress/{*,theme/*,playground/*}.{ts,vue}",
    "*.{ts,mjs}",
  ],
  compilers: { vue: (text: string) => /<script setup[^>]*>([\s\S]*?)<\/script>/.exec(text)?.[1] ?? "" },
  // Programs of the system that tests and scripts run where they are there: never a package's.
  ignoreBinaries: ["script", "gcc", "clang", "apt-get", "fish", "dpkg", "redis-server", "mount", "umount", "kpsewhich", "pdflatex"],
  ignoreDependencies: [
    // Run by their name: are-the-types-wrong by a test, typedoc's plugin by scripts/api.mjs, Stryker's runner by Stryker.
    ...["@arethetypeswrong/cli", "typedoc-plugin-markdown", "@stryker-mutator/vitest-runner"],
    // VitePress' own.
    "vue",
  ],
} satisfies KnipConfig;
