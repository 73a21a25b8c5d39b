import { readdirSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, describe, expect, test, vi } from "vitest";
import { chatLines } from "../lines.js";
import { download, runBatch } from "../serve/batches.js";
import { temporaryFolder } from "../temporary-folder.js";
import { postgres, startServer, withoutPostgres } from "./ground/postgres.js";
import { startS3 } from "./ground/s3.js";
import { startCluster, startWorkerOf } from "./ground/start-cluster.js";
import { openMarked } from "./storage/open-marked.js";

const kinds = {
  "a folder": async () => {
    const folder = temporaryFolder();
    return { storage: folder, folder, env: {} };
  },
  "a bucket": startS3,
};

afterEach(() => void vi.unstubAllEnvs());

describe.skipIf(postgres === undefined)(`a sweep ${postgres ? "" : withoutPostgres}`, () => {
  test.each(Object.entries(kinds))(
    "of %s removes what is old and nobody's, and nothing else",
    async (_, setUp) => {
      const place = await setUp();
      const cluster = await startCluster(place);
      const worker = await startWorkerOf(cluster, ["--rehearse"]);
      const batch = await runBatch(cluster.openai, chatLines(3));
      await worker.end("SIGTERM");
      await cluster.server.end("SIGTERM");
      for (const [name, value] of Object.entries(place.env)) vi.stubEnv(name, value);
      const storage = await openMarked(place.storage);
      const list = async (): Promise<readonly string[]> => {
        const names: string[] = [];
        for await (const { name } of storage.list("")) names.push(name);
        return names.filter((name) => /^(?:files|batches|tries)\//.test(name)).sort();
      };
      const kept = await list();
      const garbage = [
        "files/file-never-shown",
        `batches/${batch.id}/0.0123456789abcdef.output`,
        `batches/${batch.id}/0.0123456789abcdef.output.000000`,
        "batches/batch_none/7.0123456789abcdef.errors",
        "tries/0123456789abcdef",
      ];
      for (const name of garbage) await storage.put(name, Readable.from([Buffer.from("garbage")]));
      makeOld(place.folder);
      const young = "files/file-under-way";
      await storage.put(young, Readable.from([Buffer.from("young")]));
      const server = await startServer(cluster.database, place.storage, { env: place.env });
      const openai = cluster.openai.withOptions({ baseURL: server.baseURL });
      await expect.poll(list).toEqual([...kept, young].sort());
      expect(await download(openai, batch.output_file_id)).toHaveLength(3);
      expect(await download(openai, batch.input_file_id)).toHaveLength(3);
    },
  );
});

/** As if all had been there for two days. */
function makeOld(folder: string): void {
  const then = new Date(Date.now() - 2 * 86_400_000);
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const path = join(folder, name);
    if (statSync(path).isFile()) utimesSync(path, then, then);
  }
}
