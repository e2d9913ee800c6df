import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        // The window's source of JSX has no variant for development.
        oxc: { jsx: { runtime: "automatic", importSource: "#window", development: false } },
        test: {
          name: "pure",
          include: ["{shared,renderer}/**/*.test.ts"],
          testTimeout: 60_000,
          pool: "forks",
          // They keep nothing that the next file could see, and in one process run in half the time.
          isolate: false,
        },
      },
      {
        oxc: { jsx: { runtime: "automatic", importSource: "#window", development: false } },
        test: {
          name: "unit",
          include: ["{electron,bench}/**/*.test.ts", "{docs,layers,verdict}.test.ts"],
          testTimeout: 60_000,
          pool: "forks",
        },
      },
      {
        test: {
          name: "e2e",
          include: ["e2e/*.test.ts"],
          globalSetup: "e2e/testing/workspace.ts",
          env: { ORT_DISABLE_TELEMETRY: "1" },
          testTimeout: 600_000,
          hookTimeout: 600_000,
          pool: "forks",
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "app",
          include: ["e2e/app/*.test.ts"],
          globalSetup: ["e2e/testing/workspace.ts", "e2e/app/testing/set-up.ts"],
          env: { ORT_DISABLE_TELEMETRY: "1" },
          testTimeout: 240_000,
          hookTimeout: 240_000,
          pool: "forks",
          fileParallelism: false,
        },
      },
    ],
  },
});
