// Prints how many tests passed and failed, from the report that vitest wrote: tsx scripts/print-outcome.ts REPORT
import { readFileSync } from "node:fs";

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

const text = readFileSync(process.argv[2] ?? "", "utf8");
process.exitCode = text === "" ? printNothingRan() : printOutcome(text);

function printOutcome(json: string): number {
  // The report is vitest's own, written by the run before.
  const report = JSON.parse(json) as Report;
  const failed = report.numFailedTests + countUnloadable(report);
  const skipped = report.numPendingTests + report.numTodoTests;
  const rest = skipped === 0 ? "" : `, ${skipped} skipped`;
  console.log(`${report.numPassedTests} passed, ${failed} failed${rest}`);
  return failed === 0 && report.numPassedTests > 0 ? 0 : 1;
}

/** A file that could not even be loaded has failed without a failed test in it. */
function countUnloadable({ testResults }: Report): number {
  return testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && assertionResults.every((test) => test.status !== "failed"),
  ).length;
}

function printNothingRan(): number {
  console.log("The checks ended before the tests.\n0 passed, 1 failed");
  return 1;
}
