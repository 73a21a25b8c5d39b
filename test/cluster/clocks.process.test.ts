import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { chatLines } from "../lines.js";
import { upload } from "../serve/batches.js";
import { temporaryFolder } from "../temporary-folder.js";
import { startUpstream } from "./ground/counting-upstream.js";
import { postgres, query, type Starting, startServer, withoutPostgres } from "./ground/postgres.js";
import { expectWhole, startCluster, startWorkerOf, untilDone } from "./ground/start-cluster.js";

/** What shows a process another time, as Debian has it. */
const library = existsSync("/usr/lib")
  ? readdirSync("/usr/lib")
      .map((name) => join("/usr/lib", name, "faketime", "libfaketimeMT.so.1"))
      .find((path) => existsSync(path))
  : undefined;

interface WrongClock extends Starting {
  set(offset: string): void;
}

/** A clock that is so far off, and may jump; how time goes by is not changed. */
function createClock(offset: string): WrongClock {
  const file = join(temporaryFolder(), "offset");
  const set = (to: string): void => writeFileSync(file, to);
  set(offset);
  const fake = { FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: "1", FAKETIME_DONT_FAKE_MONOTONIC: "1" };
  return { set, env: { LD_PRELOAD: library ?? "", ...fake } };
}

const why =
  postgres === undefined
    ? withoutPostgres
    : library === undefined
      ? "(skipped: there is no faketime)"
      : undefined;

describe.skipIf(why !== undefined)(`machines whose clocks differ by minutes ${why ?? ""}`, () => {
  test("go by that of the database, and lose and send nothing twice, also where one jumps", async () => {
    const cluster = await startCluster(createClock("+7m"));
    const behind = await startServer(cluster.database, cluster.storage, createClock("-9m"));
    const other = new OpenAI({ baseURL: behind.baseURL, apiKey: "any", maxRetries: 0 });
    const upstream = await startUpstream(100);
    const args = ["--upstream", upstream.url, "--concurrency", "20"];
    const jumping = createClock("+20m");
    await Promise.all([
      startWorkerOf(cluster, args, jumping),
      startWorkerOf(cluster, args, createClock("-30m")),
    ]);
    const now = async (): Promise<number> => {
      const [row] = await query(cluster.database, "select extract(epoch from now())::float8 as now");
      return Number(row?.now);
    };
    const begun = await now();
    const input_file_id = await upload(cluster.openai, chatLines(2000));
    const { id } = await other.batches.create({
      input_file_id,
      endpoint: "/v1/chat/completions",
      completion_window: "24h",
    });
    await untilDone(other, id, 300);
    jumping.set("-40m");
    await untilDone(other, id, 800);
    jumping.set("+50m");
    await expectWhole(cluster, id, 2000);
    const ended = await now();
    const batch = await other.batches.retrieve(id);
    const file = await other.files.retrieve(input_file_id);
    const output = await other.files.retrieve(batch.output_file_id ?? "");
    const times = [
      ...[file.created_at, batch.created_at, batch.in_progress_at, batch.finalizing_at],
      ...[batch.completed_at, output.created_at],
    ].map(Number);
    expect(times).toEqual([...times].sort((one, two) => one - two));
    expect(times[0]).toBeGreaterThanOrEqual(Math.floor(begun));
    expect(times.at(-1)).toBeLessThanOrEqual(ended);
    expect(batch.expires_at).toBe(batch.created_at + 86_400);
    // Only a machine so busy that a worker is not heard of for ten seconds sends anything again.
    expect(upstream.sent.size).toBe(2000);
    expect(upstream.count()).toBeLessThanOrEqual(2000 + 2 * 20);
  });
});
