import { defineConfig } from "vitest/config";

// A file to write the outcome to, for machines: .ci/run reads it.
const report = process.env.OPENBATCH_TEST_REPORT;

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
  },
});
