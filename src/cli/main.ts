#!/usr/bin/env node
import { readFileSync } from "node:fs";

// Only what every call needs is imported here: `openbatch --version` is to be instant.
const args = process.argv.slice(2);

if (args[0] === "--version" || args[0] === "-V") {
  process.stdout.write(`${readVersion()}\n`);
} else {
  const { runCommandLine } = await import("./run-command-line.js");
  process.exitCode = await runCommandLine(args);
}

function readVersion(): string {
  // The package's own file, which has a version.
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    readonly version: string;
  };
  return version;
}
