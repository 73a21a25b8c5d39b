import { readdirSync } from "node:fs";
import { join } from "node:path";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { chatLines } from "../lines.js";
import { temporaryFolder } from "../temporary-folder.js";
import { createBatch, download, idsOf, upload, waitForEnd } from "./batches.js";
import { type ServerProcess, startServerProcess } from "./server-process.js";

const folder = temporaryFolder();

function clientOf({ baseURL }: ServerProcess): OpenAI {
  return new OpenAI({ baseURL, apiKey: "any", maxRetries: 0 });
}

describe.runIf(process.platform === "linux")("a disk that is full", () => {
  test("refuses what has no room, leaves nothing of it, and the server goes on", async () => {
    const data = join(folder, "upload");
    const server = await startServerProcess(["--rehearse", "--data", data], 30);
    const openai = clientOf(server);
    for (const count of [1000, 20_000]) {
      await expect(upload(openai, chatLines(count))).rejects.toMatchObject({ status: 500 });
      expect(readdirSync(join(data, "files"))).toEqual([]);
    }
    expect(await download(openai, await upload(openai, chatLines(3)))).toHaveLength(3);
    expect(server.child.exitCode).toBeNull();
  });

  test("keeps a batch in progress, which ends as any other once there is room", async () => {
    const data = join(folder, "batch");
    const args = ["--rehearse", "--data", data];
    const server = await startServerProcess(args, 30);
    const lines = chatLines(100);
    const { id } = await createBatch(clientOf(server), lines);
    await expect.poll(() => server.output()).toContain('"kind":"waiting"');
    expect(server.output()).toContain("it may not grow further (EFBIG)");
    expect(await clientOf(server).batches.retrieve(id)).toMatchObject({ status: "in_progress" });
    await server.kill("SIGTERM");
    const again = await startServerProcess(args);
    const openai = clientOf(again);
    const batch = await waitForEnd(openai, id);
    expect(batch).toMatchObject({
      status: "completed",
      request_counts: { total: 100, completed: 100, failed: 0 },
    });
    const ids = lines.map((line) => JSON.parse(line).custom_id).sort();
    expect(idsOf(await download(openai, batch.output_file_id))).toEqual(ids);
  });
});
