import { describe, expect, test } from "vitest";
import { isLasting } from "../../../src/cluster/work/try-advance.js";
import { OpenbatchError } from "../../../src/errors/index.js";
import { chatLine } from "../../lines.js";
import { runBatch } from "../../serve/batches.js";
import { postgres, query, withoutPostgres } from "../ground/postgres.js";
import { startCluster, startWorkerOf } from "../ground/start-cluster.js";

const refuse = `create function openbatch.refuse() returns trigger language plpgsql as
  $$ begin raise exception 'no' using errcode = '22P05'; end $$;
  create trigger refuse before update on openbatch.batches for each row
  when (new.record -> 'object' ->> 'status' = 'in_progress') execute function openbatch.refuse()`;

describe.skipIf(postgres === undefined)(`workers ${postgres ? "" : withoutPostgres}`, () => {
  test("fail a batch that they cannot go on with, try after try", async () => {
    const cluster = await startCluster();
    await query(cluster.database, refuse);
    const worker = await startWorkerOf(cluster, ["--rehearse"]);
    const batch = await runBatch(cluster.openai, [chatLine("a")]);
    expect(batch).toMatchObject({ status: "failed", in_progress_at: null });
    expect(batch.errors?.data).toEqual([
      {
        code: "unexpected_failure",
        message: "The server could not go on with this batch: each try ended with an unexpected error.",
        ...{ line: null, param: null },
      },
    ]);
    expect(worker.said().match(/Unexpected error in a worker/g)).toHaveLength(5);
    await query(cluster.database, "drop trigger refuse on openbatch.batches");
    expect((await runBatch(cluster.openai, [chatLine("b")])).status).toBe("completed");
  });
});

describe("what fails a batch is", () => {
  const withCode = (code: string): Error => Object.assign(new Error("no"), { code });
  test.each([
    ["an error of the program", new TypeError("no"), true],
    ["a value that PostgreSQL refuses", withCode("22P05"), true],
    ["a row that is too large", withCode("54000"), true],
    ["a string that is too long", withCode("ERR_STRING_TOO_LONG"), true],
    ["no database that is away", new OpenbatchError("database_away", "It is away."), false],
    ["no storage that refuses", new OpenbatchError("storage_refused", "It refuses."), false],
    ["no full disk", withCode("ENOSPC"), false],
    ["no table that is being changed", withCode("42P01"), false],
    ["no deadlock", withCode("40P01"), false],
  ])("%s", (_, error, expected) => {
    expect(isLasting(error)).toBe(expected);
  });
});
