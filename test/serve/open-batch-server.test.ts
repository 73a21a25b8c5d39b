import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { serveBatchApi } from "../../src/serve.js";
import { startBatchServer } from "../../src/testing.js";
import { chatLines } from "../lines.js";
import { temporaryFolder } from "../temporary-folder.js";
import { createBatch, download, idsOf, runBatch, upload, waitForEnd } from "./batches.js";

const folder = temporaryFolder();

function clientOf({ baseURL }: { readonly baseURL: string }): OpenAI {
  return new OpenAI({ baseURL, apiKey: "any", maxRetries: 0 });
}

describe("a server that is started again on its folder", () => {
  test("has all files and batches as they were, in their order", async () => {
    const data = join(folder, "same");
    const before = await startBatchServer({ data });
    const first = await runBatch(clientOf(before), chatLines(2));
    const second = await runBatch(clientOf(before), chatLines(3));
    const files = (await clientOf(before).files.list()).data;
    const { output_file_id } = second;
    const output = await download(clientOf(before), output_file_id);
    await before.close();
    await using after = await startBatchServer({ data });
    const openai = clientOf(after);
    expect((await openai.batches.list()).data).toEqual([second, first]);
    expect((await openai.files.list()).data).toEqual(files);
    expect(await download(openai, output_file_id)).toEqual(output);
    const third = await createBatch(openai, chatLines(1));
    expect((await openai.batches.list()).data.map(({ id }) => id)).toEqual([third.id, second.id, first.id]);
  });

  test("goes on with what was in progress, also past the time that it had", async () => {
    const data = join(folder, "unfinished");
    const before = await startBatchServer({ data, rehearse: { faults: ["timeout:late-*"] } });
    const lines = [...chatLines(3), ...chatLines(2).map((line) => line.replaceAll("request-", "late-"))];
    const { id, expires_at = 0 } = await createBatch(clientOf(before), lines);
    await expect
      .poll(async () => (await clientOf(before).batches.retrieve(id)).request_counts?.completed)
      .toBe(3);
    expect(before.unfinishedBatches).toBe(1);
    await before.close();
    await using after = await startBatchServer({
      data,
      clock: { start: new Date(expires_at * 1000 + 5000) },
    });
    const batch = await waitForEnd(clientOf(after), id);
    expect(batch).toMatchObject({ status: "expired", request_counts: { total: 5, completed: 3, failed: 0 } });
    expect(await download(clientOf(after), batch.error_file_id)).toHaveLength(2);
    expect(batch.usage?.total_tokens).toBeGreaterThan(0);
  });

  test("goes past what it cannot read, and leaves it as it is", async () => {
    const data = join(folder, "broken");
    const before = await startBatchServer({ data });
    const { id, input_file_id } = await runBatch(clientOf(before), chatLines(1));
    const other = await runBatch(clientOf(before), chatLines(1));
    await before.close();
    const record = join(data, "batches", `${id}.json`);
    writeFileSync(record, readFileSync(record, "utf8").slice(0, 100));
    writeFileSync(join(data, "files", `${input_file_id}.json`), "");
    mkdirSync(join(data, "files", "no-file-of-ours"));
    const messages: string[] = [];
    await using after = await startBatchServer({
      data,
      onEvent: (event) => event.kind === "trouble" && messages.push(event.message),
    });
    expect(messages).toHaveLength(2);
    expect((await clientOf(after).batches.list()).data.map((batch) => batch.id)).toEqual([other.id]);
    expect(readFileSync(record, "utf8")).toHaveLength(100);
    expect(existsSync(join(data, "files", `${input_file_id}.data`))).toBe(true);
  });

  test("lists what was made at once in the same order", async () => {
    const data = join(folder, "order");
    const before = await startBatchServer({ data });
    const openai = clientOf(before);
    const [input_file_id = ""] = await Promise.all(
      Array.from({ length: 30 }, () => upload(openai, chatLines(1))),
    );
    const endpoint = "/v1/chat/completions";
    const creating = Array.from({ length: 30 }, () =>
      openai.batches.create({ input_file_id, endpoint, completion_window: "24h" }),
    );
    for (const { id } of await Promise.all(creating)) await waitForEnd(openai, id);
    const listed = async (client: OpenAI): Promise<string[]> => [
      ...(await client.files.list()).data.map(({ id }) => id),
      ...(await client.batches.list({ limit: 100 })).data.map(({ id }) => id),
    ];
    const ids = await listed(openai);
    await before.close();
    await using after = await startBatchServer({ data });
    expect(ids).toHaveLength(90);
    expect(await listed(clientOf(after))).toEqual(ids);
  });

  test.each([
    [{ object: { status: "paused" } }],
    [{ object: { expires_at: "tomorrow" } }],
    [{ object: { endpoint: 1 } }],
    [{ object: { request_counts: {} } }],
    [{ outputFileId: "../../escaped" }],
    [{ outputSeconds: null }],
    [{ promptTokens: "many" }],
    [{ isExpired: 0 }],
    [{ isRehearsal: undefined }],
    [{ sequence: "first" }],
  ])("goes past the record of a batch with %j", async ({ object, ...fields }: Record<string, unknown>) => {
    const data = join(folder, crypto.randomUUID());
    const before = await startBatchServer({ data, rehearse: { faults: ["timeout:1"] } });
    const { id } = await createBatch(clientOf(before), chatLines(1));
    await expect.poll(async () => (await clientOf(before).batches.retrieve(id)).status).toBe("in_progress");
    await before.close();
    const path = join(data, "batches", `${id}.json`);
    const record = JSON.parse(readFileSync(path, "utf8"));
    const changed = JSON.stringify({ ...record, ...fields, object: Object.assign(record.object, object) });
    writeFileSync(path, changed);
    const messages: string[] = [];
    await using after = await startBatchServer({
      data,
      onEvent: (event) => event.kind === "trouble" && messages.push(event.message),
    });
    expect(messages).toEqual([expect.stringContaining(id)]);
    expect((await clientOf(after).batches.list()).data).toEqual([]);
    expect(readFileSync(path, "utf8")).toBe(changed);
  });

  test("ends a batch whose input is gone, with what there is", async () => {
    const faults = ["timeout:request-2"];
    for (const [count, status, errors] of [
      [3, "expired", [expect.objectContaining({ code: "input_lost" })]],
      [0, "failed", [expect.objectContaining({ code: "input_lost" })]],
    ] as const) {
      const data = join(folder, `lost-${status}`);
      const before = await startBatchServer({
        data,
        rehearse: { faults: count === 0 ? ["timeout:1"] : faults },
      });
      const { id } = await createBatch(clientOf(before), chatLines(4));
      await expect
        .poll(async () => (await clientOf(before).batches.retrieve(id)).request_counts)
        .toMatchObject({ total: 4, completed: count });
      await before.close();
      rmSync(join(data, "batches", `${id}.input`));
      await using after = await startBatchServer({ data });
      const batch = await waitForEnd(clientOf(after), id);
      expect(batch).toMatchObject({ status, errors: { data: errors } });
      expect(await download(clientOf(after), batch.output_file_id)).toHaveLength(count);
    }
  });

  test("cancels a batch whose input is gone", async () => {
    const data = join(folder, "lost-cancelled");
    const messages: string[] = [];
    await using server = await startBatchServer({
      data,
      rehearse: { faults: ["timeout:request-2"] },
      onEvent: (event) => event.kind === "trouble" && messages.push(event.message),
    });
    const openai = clientOf(server);
    const { id } = await createBatch(openai, chatLines(3));
    await expect.poll(async () => (await openai.batches.retrieve(id)).request_counts?.completed).toBe(2);
    rmSync(join(data, "batches", `${id}.input`));
    await openai.batches.cancel(id);
    const batch = await waitForEnd(openai, id);
    expect(batch).toMatchObject({ status: "cancelled", request_counts: { total: 3, completed: 2 } });
    expect(await download(openai, batch.output_file_id)).toHaveLength(2);
    expect(messages).toEqual([expect.stringContaining(`${id}.input is gone`)]);
  });

  test("goes past a folder with the name of a record", async () => {
    const data = join(folder, "folder-as-record");
    const path = join(data, "files", `file-${"a".repeat(22)}.json`);
    mkdirSync(path, { recursive: true });
    const messages: string[] = [];
    await using server = await startBatchServer({
      data,
      onEvent: (event) => event.kind === "trouble" && messages.push(event.message),
    });
    expect(messages).toEqual([expect.stringContaining(path)]);
    expect(server.unfinishedBatches).toBe(0);
  });

  test("sends again what has half a line, and gives no request two", async () => {
    const lines = chatLines(6);
    for (const cut of [0, 1, 40, 300]) {
      const data = join(folder, `torn-${cut}`);
      const rehearse = { faults: ["timeout:request-5", "400:request-4"] };
      const before = await startBatchServer({ data, rehearse });
      const { id } = await createBatch(clientOf(before), lines);
      const counts = async () => (await clientOf(before).batches.retrieve(id)).request_counts;
      await expect.poll(counts).toMatchObject({ completed: 4, failed: 1 });
      await before.close();
      const { outputFileId, errorFileId } = JSON.parse(
        readFileSync(join(data, "batches", `${id}.json`), "utf8"),
      );
      for (const file of [outputFileId, errorFileId]) {
        const path = join(data, "files", `${file}.data`);
        truncateSync(path, Math.max(0, statSync(path).size - cut));
      }
      await using after = await startBatchServer({ data, rehearse: { faults: ["400:request-4"] } });
      const openai = clientOf(after);
      const batch = await waitForEnd(openai, id);
      expect(batch).toMatchObject({
        status: "completed",
        request_counts: { total: 6, completed: 5, failed: 1 },
      });
      const output = await download(openai, batch.output_file_id);
      const errors = await download(openai, batch.error_file_id);
      expect(idsOf([...output, ...errors])).toEqual(lines.map((line) => JSON.parse(line).custom_id));
      expect(batch.usage?.total_tokens).toBe(
        output.reduce((sum, { response }) => sum + Number(Object(response?.body.usage).total_tokens), 0),
      );
    }
  });

  test("removes what is left of things half made, and nothing else", async () => {
    const data = join(folder, "leftovers");
    const before = await startBatchServer({ data });
    const kept = await upload(clientOf(before), chatLines(1));
    await before.close();
    const leftovers = [`files/file-${"a".repeat(22)}.data`, `batches/batch_${"0".repeat(32)}.input`];
    leftovers.push(`files/${kept}.json.${crypto.randomUUID()}.tmp`);
    const others = ["files/notes.txt", "files/file-short.data", "batches/notes.tmp"];
    for (const name of [...leftovers, ...others]) writeFileSync(join(data, name), "x");
    await using after = await startBatchServer({ data });
    expect((await clientOf(after).files.retrieve(kept)).id).toBe(kept);
    expect(leftovers.filter((name) => existsSync(join(data, name)))).toEqual([]);
    expect(others.filter((name) => !existsSync(join(data, name)))).toEqual([]);
  });

  test("does not mix real answers with made-up ones", async () => {
    const data = join(folder, "mixed");
    const before = await startBatchServer({ data, rehearse: { faults: ["timeout:1"] } });
    const { id } = await createBatch(clientOf(before), chatLines(1));
    await expect.poll(async () => (await clientOf(before).batches.retrieve(id)).status).toBe("in_progress");
    await before.close();
    const upstream = { baseURL: "http://127.0.0.1:9/v1" };
    await expect(serveBatchApi({ data, upstream, port: 0 })).rejects.toMatchObject({
      code: "unfinished_batches",
      hint: expect.stringContaining("--rehearse"),
    });
    await using after = await startBatchServer({ data });
    expect((await waitForEnd(clientOf(after), id)).status).toBe("completed");
  });
});

describe("starting", () => {
  test("is refused on a folder that another server uses, until that one is closed", async () => {
    const data = join(folder, "shared");
    const first = await startBatchServer({ data });
    await expect(startBatchServer({ data })).rejects.toMatchObject({
      code: "data_folder_in_use",
      hint: expect.stringContaining("--data"),
    });
    await runBatch(clientOf(first), chatLines(1));
    await first.close();
    await (await startBatchServer({ data })).close();
  });

  test("is refused on a port that is taken, and leaves the folder free", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const data = join(folder, "port");
    await expect(startBatchServer({ data, port })).rejects.toMatchObject({
      code: "cannot_listen",
      message: expect.stringContaining(`127.0.0.1:${port}: something else listens there`),
    });
    other.close();
    await (await startBatchServer({ data })).close();
  });

  test.each([
    [{}, "--rehearse"],
    [{ rehearse: true, upstream: { baseURL: "http://localhost:1" } }, "--upstream"],
    [{ rehearse: true, port: 70_000 }, "65535"],
    [{ rehearse: true, concurrency: 0 }, "whole number"],
    [{ rehearse: true, host: "192.168.0.1" }, "--api-key-env"],
    [{ rehearse: true, apiKey: "" }, "not empty"],
    [{ rehearse: true, datta: "x" }, "data"],
    [{ upstream: { baseURL: "nonsense" } }, "http"],
    [{ upstream: {} }, "baseURL"],
    [{ upstream: { baseURL: "http://localhost:1/v1", key: "x" } }, "apiKey"],
    [{ upstream: { baseURL: "http://localhost:1/v1", timeoutMs: 0 } }, "above 0"],
  ])("is refused with %j", async (options, hint) => {
    const data = join(folder, "refused");
    // Plain JavaScript may give anything.
    const serving = serveBatchApi({ data, ...options } as never);
    await expect(serving).rejects.toMatchObject({
      code: "invalid_option",
      hint: expect.stringContaining(hint),
    });
    expect(existsSync(data)).toBe(false);
  });

  test("says that the folder, or one in it, cannot be one", async () => {
    const data = join(folder, "a-file");
    writeFileSync(data, "");
    const refusal = { code: "not_a_folder", hint: expect.stringContaining("--data DIR") };
    await expect(startBatchServer({ data })).rejects.toMatchObject(refusal);
    mkdirSync(join(folder, "with-a-file"));
    writeFileSync(join(folder, "with-a-file", "files"), "");
    await expect(startBatchServer({ data: join(folder, "with-a-file") })).rejects.toMatchObject(refusal);
  });
});

describe("closing", () => {
  test("ends the server, as the signal does, and may be asked for twice", async () => {
    const controller = new AbortController();
    const server = await serveBatchApi({
      data: join(folder, "closing"),
      rehearse: true,
      port: 0,
      signal: controller.signal,
    });
    expect((await fetch(`${server.baseURL}/models`)).status).toBe(200);
    controller.abort();
    await Promise.all([server.close(), server.close()]);
    await expect(fetch(`${server.baseURL}/models`)).rejects.toThrow();
    await expect(
      serveBatchApi({ rehearse: true, port: 0, data: join(folder, "never"), signal: controller.signal }),
    ).rejects.toThrow();
  });

  test("waits for the answers that are under way, and no longer than it is told", async () => {
    const upstream = createServer(
      (_, outgoing) => void setTimeout(() => outgoing.end('{"object":"x"}'), 300),
    );
    await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
    const { port } = upstream.address() as AddressInfo;
    const options = { upstream: { baseURL: `http://127.0.0.1:${port}/v1` }, concurrency: 2 };
    const data = join(folder, "grace");
    const patient = await serveBatchApi({ data, port: 0, ...options });
    const { id } = await createBatch(clientOf(patient), chatLines(50));
    await expect.poll(async () => (await clientOf(patient).batches.retrieve(id)).status).toBe("in_progress");
    await new Promise((resolve) => setTimeout(resolve, 100));
    await patient.close();
    const impatient = await startBatchServer({ data, ...options });
    const { request_counts } = await clientOf(impatient).batches.retrieve(id);
    expect(request_counts).toMatchObject({ total: 50, failed: 0 });
    await impatient.close({ graceMs: 0 });
    const [output = ""] = readdirSync(join(data, "files")).filter((name) => {
      return name.endsWith(".data") && !existsSync(join(data, "files", name.replace(".data", ".json")));
    });
    expect(readFileSync(join(data, "files", output), "utf8").split("\n").length).toBeGreaterThanOrEqual(3);
    upstream.closeAllConnections();
    upstream.close();
    rmSync(data, { recursive: true });
  });
});
