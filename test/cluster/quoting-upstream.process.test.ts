import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { chatLines } from "../lines.js";
import { createBatch } from "../serve/batches.js";
import { temporaryFolder } from "../temporary-folder.js";
import { startUpstream } from "./ground/counting-upstream.js";
import { postgres, query, start, withoutPostgres } from "./ground/postgres.js";
import { startCluster, startWorkerOf } from "./ground/start-cluster.js";

/** What stands in every prompt, and in what the upstream says of a wrong key. */
const content = /Say something/;

describe("an upstream that quotes what it refuses", () => {
  test.each([["text"], ["json"]])("leaves nothing of it in the log of a server, as %s", async (log) => {
    const { url } = await startUpstream(1, { key: "right", quotes: true });
    const args = ["serve", "--port", "0", "--data", temporaryFolder(), "--upstream", url, "--log", log];
    const server = start([...args, "--verbose"]);
    const [, baseURL] = await server.says(/(http:\/\/[\w.:]+\/v1)/);
    await createBatch(new OpenAI({ baseURL: baseURL ?? "", apiKey: "any" }), chatLines(5));
    await server.says(/refuses the key[^\n]*\n/);
    expect(server.said()).toContain("(status 401). It calls that invalid_api_key.");
    expect(server.said()).not.toMatch(content);
  });

  test.skipIf(postgres === undefined)(
    `leaves nothing of it in the log of a worker, the database and the list of workers ${postgres ? "" : withoutPostgres}`,
    async () => {
      const { url } = await startUpstream(1, { key: "right", quotes: true });
      const cluster = await startCluster();
      const worker = await startWorkerOf(cluster, ["--upstream", url, "--log", "json"]);
      await createBatch(cluster.openai, chatLines(5));
      await worker.says(/"kind":"waiting"[^\n]*\n/);
      const listCauses = () => query(cluster.database, "select cause from openbatch.upstreams");
      await expect.poll(listCauses).toEqual([{ cause: expect.stringContaining("(status 401)") }]);
      const workers = start(["workers", "--json", "--database", cluster.database]);
      await workers.ended;
      expect(workers.said()).toContain("refuses the key");
      for (const said of [worker.said(), workers.said(), JSON.stringify(await listCauses())])
        expect(said).not.toMatch(content);
    },
  );
});
