import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { findNode } from "./ground/find-node.js";
import { createDatabase, postgres, withoutPostgres } from "./ground/postgres.js";

const script = fileURLToPath(new URL("../../examples/cluster/run.sh", import.meta.url));

describe.skipIf(postgres === undefined)(`the example of a cluster ${postgres ? "" : withoutPostgres}`, () => {
  test("kills a server and a worker, and has every result once", async () => {
    const env = { ...process.env, NODE: findNode(), DATABASE: await createDatabase() };
    const { stdout } = await promisify(execFile)(script, { env });
    expect(stdout).toMatch(/^\d+ are done; server-1 and worker-1 are killed$/m);
    expect(stdout).toMatch(/^2000 results of 2000 requests$/m);
  });
});
