import { describe, expect, onTestFinished, test } from "vitest";
import { serveCluster, startWorker } from "../../src/cluster.js";
import { temporaryFolder } from "../temporary-folder.js";
import { copyDatabase, dropDatabase } from "./ground/copied-database.js";
import { postgres, withoutPostgres } from "./ground/postgres.js";
import { runInCode } from "./in-code.js";

const places = { database: "postgres://127.0.0.1:1/nowhere", storage: "/nowhere" };
const upstream = { baseURL: "http://127.0.0.1:1/v1" };
const keys = [
  { name: "alice", key: "sk-secret" },
  { name: "bob", key: "sk-secret" },
];

describe("options of openbatch/cluster in code", () => {
  test.each([
    [{ concurrency: 0 }, "concurrency (--concurrency)"],
    [{ concurrency: 1.5 }, "concurrency (--concurrency)"],
    [{ requestsPerMinute: -1 }, "requestsPerMinute (--requests-per-minute)"],
    [{ tokensPerMinute: Number.NaN }, "tokensPerMinute (--tokens-per-minute)"],
    [{ maxBatchRequests: 0 }, "maxBatchRequests (--max-batch-requests)"],
    [{ maxBatchBytes: Number.NaN }, "maxBatchBytes (--max-batch-bytes)"],
    [{ metrics: { port: -1 } }, "port (--metrics)"],
    [{ upstream: undefined, upstreams: [{ ...upstream, concurrency: 0 }] }, "concurrency (--concurrency)"],
    [{ storage: undefined }, "storage (--storage)"],
    [{ modell: "small" }, "Did you mean model?"],
  ])("that are wrong keep a worker from starting: %j", async (wrong, named) => {
    // Plain JavaScript gives what the types forbid.
    const starting = startWorker({ ...places, upstream, ...wrong } as Parameters<typeof startWorker>[0]);
    const error = await starting.catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: "invalid_option" });
    expect(`${(error as Error).message} ${(error as { hint: string }).hint}`).toContain(named);
  });

  test.each([
    [{ port: -1 }, "port (--port)"],
    [{ maxUploadBytes: 0 }, "maxUploadBytes"],
    [{ maxBatchRequests: 1 }, "maxBatchRequests (--max-batch-requests) is for a server that works too."],
    [{ work: "yes" }, "work (--work)"],
    [{ keys: [{ name: "alice" }] }, "keys (--api-key-env)"],
    [{ keys }, "Key 2 of keys (--api-key-env) is that of another name too."],
  ])("that are wrong keep a server from starting: %j", async (wrong, named) => {
    const starting = serveCluster({ ...places, ...wrong } as Parameters<typeof serveCluster>[0]);
    const error = await starting.catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: "invalid_option" });
    expect((error as Error).message).toContain(named);
    expect((error as Error).message).not.toContain("sk-");
  });
});

describe.skipIf(postgres === undefined)(
  `openbatch/cluster in code ${postgres ? "" : withoutPostgres}`,
  () => {
    test("closes a server and a worker once, however often it is told to, and takes keys without a priority", async () => {
      const database = await copyDatabase();
      onTestFinished(() => dropDatabase(database));
      const shared = { database, storage: temporaryFolder() };
      const { exit, said } = await runInCode(`
        const shared = ${JSON.stringify(shared)};
        const server = await lib.serveCluster({ ...shared, port: 0, keys: [{ name: "alice", key: "sk-a" }] });
        const headers = { authorization: "Bearer sk-a", "content-type": "application/json" };
        const body = JSON.stringify({ input_file_id: "file-none", endpoint: "/v1/chat/completions", completion_window: "24h" });
        const made = await fetch(server.baseURL + "/batches", { method: "POST", headers, body });
        console.log(made.status);
        const worker = await lib.startWorker({ ...shared, rehearse: true });
        for (const each of [worker, server]) await Promise.all([each.close(), each.close()]);
        for (const each of [worker, server]) await each.close();
        console.log("closed");`);
      expect({ exit, said }).toEqual({ exit: 0, said: "200\nclosed\n" });
    });
  },
);
