import { defineConfig } from "vitest/config";

// A file to write the outcome to, for machines: .ci/run reads it.
const report = process.env.OPENBATCH_TEST_REPORT;

const everyTest = "test/**/*.test.ts";
const processes = "test/**/*.process.test.ts";
const packages = "test/**/*.package.test.ts";

/** A tier; it has the options below. */
const tier = (name: string, include: string, exclude: readonly string[] = []) => ({
  extends: true as const,
  test: { name, include: [include], exclude: [...exclude] },
});

export default defineConfig({
  test: {
    projects: [
      // Files and servers on this machine, in the process of the test.
      tier("fast", everyTest, [processes, packages]),
      // What has a process of its own: pipes, signals, kills, the pages of the documentation.
      tier("process", processes),
      // The packed package, installed into projects.
      tier("package", packages),
    ],
    // So much that a machine which does twenty other things is no reason to fail: a limit only ends what hangs.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 300_000 } },
    pool: "forks",
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
  },
});
