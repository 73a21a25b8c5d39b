import { describe, expect, test } from "vitest";
import { chatLine } from "../lines.js";
import { createBatch, waitForEnd } from "../serve/batches.js";
import { postgres, query, withoutPostgres } from "./ground/postgres.js";
import { startCluster } from "./ground/start-cluster.js";

describe.skipIf(postgres === undefined)(`servers ${postgres ? "" : withoutPostgres}`, () => {
  test("end a batch that no worker has begun, where it is cancelled or out of time", async () => {
    const { openai, database } = await startCluster();
    const late = await createBatch(openai, [chatLine("a")]);
    await query(database, "update openbatch.batches set expires_at = now()");
    const [cancelled, waiting] = await Promise.all([
      createBatch(openai, [chatLine("a")]),
      createBatch(openai, [chatLine("a")]),
    ]);
    await openai.batches.cancel(cancelled.id);
    const nothing = { output_file_id: null, error_file_id: null, in_progress_at: null };
    expect(await waitForEnd(openai, cancelled.id)).toMatchObject({ ...nothing, status: "cancelled" });
    expect(await waitForEnd(openai, late.id)).toMatchObject({ ...nothing, status: "expired" });
    expect((await openai.batches.retrieve(waiting.id)).status).toBe("validating");
  });
});
