import { availableParallelism } from "node:os";
import { defineConfig, type UserWorkspaceConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

// A file to write the outcome to, for machines: .ci/run reads it.
const report = process.env.OPENBATCH_TEST_REPORT;

const everyTest = "test/**/*.test.ts";
const processes = "test/**/*.process.test.ts";
const packages = "test/**/*.package.test.ts";

/** A tier; it has the options below. */
const tier = (name: string, include: string, own: UserWorkspaceConfig["test"] = {}) => ({
  extends: true as const,
  test: { name, include: [include], ...own },
});

/** What waits goes first, and what is fast last: that fills the processors up while the others wait, and to the end. */
class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return ["package", "process", "fast"].flatMap((tier) =>
      sorted.filter(({ project }) => project.name === tier),
    );
  }
}

export default defineConfig({
  test: {
    projects: [
      // Files and servers on this machine, in the process of the test. Half of its time would be imports, if each file imported
      // all anew.
      tier("fast", everyTest, { exclude: [processes, packages], isolate: false }),
      // What has a process of its own (pipes, signals, kills, the pages of the documentation), what is very large, and what waits.
      tier("process", processes, { globalSetup: "test/cluster/ground/find-node.ts" }),
      // The packed package, installed into projects.
      tier("package", packages),
    ],
    // So much that a machine which does twenty other things is no reason to fail: a limit only ends what hangs.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 300_000 } },
    pool: "forks",
    // Four more than there are processors, for much of it waits: for leases, pauses, limits, and for processes to end.
    maxWorkers: availableParallelism() + 4,
    sequence: { sequencer: WaitingFirst },
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
  },
});
