import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// A file to write the outcome to, for machines: .ci/run reads it.
const report = process.env.OPENBATCH_TEST_REPORT;

const everyTest = "test/**/*.test.ts";
const processes = "test/**/*.process.test.ts";
const packages = "test/**/*.package.test.ts";

/** A tier; it has the options below. What is isolated imports all anew for each file. */
const tier = (name: string, include: string, exclude: readonly string[] = [], isolate = true) => ({
  extends: true as const,
  test: { name, include: [include], exclude: [...exclude], isolate },
});

export default defineConfig({
  test: {
    projects: [
      // Files and servers on this machine, in the process of the test. Half of its time would be imports.
      tier("fast", everyTest, [processes, packages], false),
      // What has a process of its own (pipes, signals, kills, the pages of the documentation), what is very large, and what waits.
      tier("process", processes),
      // The packed package, installed into projects.
      tier("package", packages),
    ],
    // So much that a machine which does twenty other things is no reason to fail: a limit only ends what hangs.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 300_000 } },
    pool: "forks",
    // Two more than there are processors, for much of it waits: for leases, pauses, limits, and for processes to end.
    maxWorkers: availableParallelism() + 2,
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
  },
});
