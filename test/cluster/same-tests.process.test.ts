import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { findNode } from "./ground/find-node.js";
import { postgres, withoutPostgres } from "./ground/postgres.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));

describe.skipIf(postgres === undefined)(
  `a server and a worker on PostgreSQL ${postgres ? "" : withoutPostgres}`,
  () => {
    // All of the local Batch API, and more storms, by hand: CONTRIBUTING.md.
    test.each([
      ["the local Batch API", "fast", ["test/serve/life/batch-life.test.ts"], {}],
      ["jobs in storms", "process", ["test/job/storms.process.test.ts"], { OPENBATCH_STORMS: "3" }],
    ])("pass the tests of %s", async (_, project, files, more) => {
      const env = { ...process.env, NO_COLOR: "1", OPENBATCH_SERVE_BACKEND: "postgres", ...more };
      const args = [vitest, "run", "--project", project, "--reporter", "default", ...files];
      const { stdout } = await promisify(execFile)(findNode(), args, { cwd: root, env }).catch(
        ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) => {
          throw new Error(`${stdout}\n${stderr}`);
        },
      );
      expect(stdout).toMatch(/Test Files\s+1 passed \(1\)/);
    });
  },
);
