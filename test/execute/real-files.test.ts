import { copyFileSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { executeBatchFile } from "../../src/execute.js";
import { idsIn } from "../lines.js";
import { temporaryFolder } from "../temporary-folder.js";
import { startLoopbackServer } from "./loopback-server.js";

const data =
  process.env.OPENBATCH_REAL_DATA ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));
const requests = join(data, "requests");
const folder = temporaryFolder();
const duplicateIds = "11-litellm-bedrock-duplicate-ids.jsonl";

describe.skipIf(!existsSync(requests))("real request files (OPENBATCH_REAL_DATA names their folder)", () => {
  test.each(existsSync(requests) ? readdirSync(requests) : [])(
    "%s is sent as it is, or refused",
    async (name) => {
      await using server = await startLoopbackServer();
      const output = join(folder, `${name}.results.jsonl`);
      const running = executeBatchFile(join(requests, name), { baseURL: server.baseURL, output });
      if (name === duplicateIds) {
        await expect(running).rejects.toMatchObject({ code: "invalid_batch_file" });
        expect(server.requests).toEqual([]);
        return;
      }
      const { succeeded, failed } = await running;
      expect({ succeeded, failed }).toEqual({ succeeded: server.requests.length, failed: 0 });
      expect(new Set(idsIn(output)).size).toBe(succeeded);
    },
  );

  test("the results that a service wrote for one of them are taken for done", async () => {
    const output = join(folder, "groq.results.jsonl");
    copyFileSync(join(data, "results", "groq-chat-3.jsonl"), output);
    const options = { baseURL: "http://127.0.0.1:1/v1", output };
    const summary = await executeBatchFile(join(requests, "groq-chat-3.jsonl"), options);
    expect(summary).toMatchObject({ requests: 3, succeeded: 3, alreadyDone: 3, attempts: 0 });
  });
});
