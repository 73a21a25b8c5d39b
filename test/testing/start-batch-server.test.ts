import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { type BatchServerTrouble, startBatchServer, type TestBatchServer } from "../../src/testing.js";
import { chatLine, chatLines, requestIds } from "../lines.js";
import { createBatch, download, idsOf, runBatch, upload, waitForEnd } from "../serve/batches.js";
import { temporaryFolder } from "../temporary-folder.js";

interface Started extends AsyncDisposable {
  readonly server: TestBatchServer;
  readonly openai: OpenAI;
}

async function startWith(trouble: BatchServerTrouble): Promise<Started> {
  const server = await startBatchServer({ trouble });
  const openai = new OpenAI({ baseURL: server.baseURL, apiKey: server.apiKey, maxRetries: 0 });
  return { server, openai, [Symbol.asyncDispose]: () => server.close() };
}

/** Downloads what stands from this byte on, as far as it comes. */
async function receive(url: string, start: number): Promise<{ received: number; isWhole: boolean }> {
  const { body } = await fetch(url, { headers: { range: `bytes=${start}-` } });
  let received = 0;
  try {
    for await (const chunk of body ?? []) received += chunk.length;
    return { received, isWhole: true };
  } catch {
    return { received, isWhole: false };
  }
}

describe("a server for tests", () => {
  test("has a folder of its own, which is gone at the end", async () => {
    const server = await startBatchServer();
    expect(existsSync(join(server.data, "files"))).toBe(true);
    await server.close();
    await server.close();
    expect(existsSync(server.data)).toBe(false);
  });

  test("leaves a folder that it was given", async () => {
    const data = join(temporaryFolder(), "given");
    const server = await startBatchServer({ data });
    await server.close();
    expect(existsSync(data)).toBe(true);
  });

  test("takes what is undefined for what is not given", async () => {
    const given = {
      clock: undefined,
      trouble: { failPolls: undefined },
      rehearse: undefined,
      upstream: undefined,
    };
    await using server = await startBatchServer({ ...given, data: undefined, port: undefined });
    expect(new URL(server.baseURL).port).not.toBe("4040");
  });

  test("leaves nothing where it could not start", async () => {
    await expect(startBatchServer({ port: -1 })).rejects.toMatchObject({ code: "invalid_option" });
  });

  test.each([
    [{ troubel: {} }, "Did you mean trouble?"],
    [{ zone: "UTC" }, "clock, stageMs, trouble, upstream, rehearse"],
    [{ trouble: { failPoll: 3 } }, "failPolls"],
    [{ trouble: 3 }, "an object"],
    [{ trouble: { failPolls: true } }, "whole number"],
    [{ trouble: { missingLines: "a" } }, "array"],
    [{ trouble: { unknownStatus: "paused" } }, "paused"],
    [{ clock: { speed: -1 } }, "0 or more"],
    [{ clock: { start: "2026-01-01" } }, "Date"],
    [{ stageMs: { inProgress: 1 } }, "in_progress"],
  ])("is refused with %j, which would do nothing", async (options, hint) => {
    // Plain JavaScript may give anything.
    const starting = startBatchServer(options as never);
    await expect(starting).rejects.toMatchObject({
      code: "invalid_option",
      hint: expect.stringContaining(hint),
    });
  });

  test("does not wait for answers that hang when their time is over", async () => {
    const upstream = createServer(() => undefined);
    await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
    const { port } = upstream.address() as AddressInfo;
    const upstreamURL = `http://127.0.0.1:${port}/v1`;
    await using server = await startBatchServer({ upstream: { baseURL: upstreamURL }, clock: { speed: 0 } });
    const openai = new OpenAI({ baseURL: server.baseURL, apiKey: server.apiKey, maxRetries: 0 });
    const asked = once(upstream, "request");
    const { id } = await createBatch(openai, chatLines(1));
    await asked;
    await server.clock.advance(86_400_000);
    expect(await openai.batches.retrieve(id)).toMatchObject({ status: "expired" });
    upstream.close();
  });

  test("starts beside others", async () => {
    const servers = await Promise.all([startBatchServer(), startBatchServer(), startBatchServer()]);
    expect(new Set(servers.map(({ baseURL }) => baseURL)).size).toBe(3);
    await Promise.all(servers.map((server) => server.close()));
  });

  test("leaves the Request and Response of its process as they are", async () => {
    const [ownRequest, ownResponse] = [globalThis.Request, globalThis.Response];
    await using server = await startBatchServer();
    await fetch(`${server.baseURL}/models`);
    expect(globalThis.Request).toBe(ownRequest);
    expect(globalThis.Response).toBe(ownResponse);
  });

  test("fails the requests of a batch that OpenAI would refuse, and answers the others", async () => {
    await using server = await startBatchServer();
    const openai = new OpenAI({ baseURL: server.baseURL, apiKey: server.apiKey });
    const hot = chatLine("hot", { model: "gpt-4o-mini", temperature: 2.5 });
    const batch = await runBatch(openai, [chatLine("good", { model: "gpt-4o-mini", top_k: 4 }), hot]);
    expect(batch).toMatchObject({ status: "completed", request_counts: { completed: 1, failed: 1 } });
    expect(idsOf(await download(openai, batch.output_file_id))).toEqual(["good"]);
    expect(await download(openai, batch.error_file_id)).toMatchObject([
      {
        custom_id: "hot",
        response: { status_code: 400, body: { error: { param: "temperature", code: "invalid_value" } } },
        error: null,
      },
    ]);
    const { body } = JSON.parse(hot);
    await expect(openai.chat.completions.create(body)).rejects.toMatchObject({
      status: 400,
      type: "invalid_request_error",
      param: "temperature",
    });
  });

  test("answers them where the check is switched off", async () => {
    await using server = await startBatchServer({ rehearse: { checkRequests: false } });
    const openai = new OpenAI({ baseURL: server.baseURL, apiKey: server.apiKey });
    const batch = await runBatch(openai, [chatLine("hot", { model: "gpt-4o-mini", temperature: 2.5 })]);
    expect(batch.request_counts).toMatchObject({ completed: 1, failed: 0 });
  });

  test("tells what happens", async () => {
    const events: string[] = [];
    await using server = await startBatchServer({
      onEvent: (event) => {
        if (event.kind === "batch") events.push(event.status);
        if (event.kind === "request") events.push(`${event.method} ${event.status}`);
      },
    });
    const openai = new OpenAI({ baseURL: server.baseURL, apiKey: "any" });
    const { id } = await createBatch(openai, chatLines(1));
    await expect.poll(() => events).toContain("completed");
    await openai.batches.retrieve(id);
    await expect.poll(() => events).toContain("GET 200");
    expect(events.filter((event) => !event.includes(" "))).toEqual([
      "in_progress",
      "finalizing",
      "completed",
    ]);
  });
});

describe("its trouble", () => {
  test("an enqueued-token limit fails a batch beyond it, until others are at their end", async () => {
    const lines = chatLines(20);
    const promptTokens = Math.ceil(lines.join("").length / 4);
    await using server = await startBatchServer({
      clock: { speed: 0 },
      stageMs: { in_progress: 60_000 },
      trouble: { enqueuedTokenLimits: { "gpt-4o-mini": Math.floor(promptTokens * 1.5) } },
    });
    const openai = new OpenAI({ baseURL: server.baseURL, apiKey: "any" });
    const first = await createBatch(openai, lines);
    await server.clock.advance(1000);
    const second = await waitForEnd(openai, (await createBatch(openai, lines)).id);
    const limit = Math.floor(promptTokens * 1.5).toLocaleString("en-US");
    expect(second).toMatchObject({
      status: "failed",
      errors: {
        data: [
          {
            code: "token_limit_exceeded",
            message: `Enqueued token limit reached for gpt-4o-mini in organization org-openbatch. Limit: ${limit} enqueued tokens. Please try again once some in_progress batches have been completed.`,
            line: null,
            param: null,
          },
        ],
      },
    });
    const other = lines.map((line) => line.replace("gpt-4o-mini", "another"));
    const third = await createBatch(openai, other);
    await server.clock.advance(120_000);
    expect((await openai.batches.retrieve(first.id)).status).toBe("completed");
    expect((await openai.batches.retrieve(third.id)).status).toBe("completed");
    const fourth = await createBatch(openai, lines);
    await server.clock.advance(120_000);
    expect((await openai.batches.retrieve(fourth.id)).status).toBe("completed");
  });

  test("an enqueued-token limit counts what an earlier server has begun", async () => {
    const data = join(temporaryFolder(), "begun");
    const lines = chatLines(20);
    const held = { clock: { speed: 0 }, stageMs: { in_progress: 60_000 }, data };
    const before = await startBatchServer(held);
    const first = await createBatch(new OpenAI({ baseURL: before.baseURL, apiKey: "any" }), lines);
    await before.clock.advance(1000);
    await before.close();
    const enqueuedTokenLimits = { "gpt-4o-mini": Math.floor(lines.join("").length / 3) };
    await using after = await startBatchServer({ ...held, trouble: { enqueuedTokenLimits } });
    const openai = new OpenAI({ baseURL: after.baseURL, apiKey: "any" });
    const second = await waitForEnd(openai, (await createBatch(openai, lines)).id);
    expect(second.errors?.data?.[0]?.code).toBe("token_limit_exceeded");
    expect((await openai.batches.retrieve(first.id)).status).toBe("in_progress");
  });

  test("batches that expire after some requests, and those that have no more", async () => {
    await using own = await startWith({ expireAfterRequests: 3 });
    const { openai } = own;
    const batch = await runBatch(openai, chatLines(10));
    expect(batch).toMatchObject({
      status: "expired",
      request_counts: { total: 10, completed: 3, failed: 0 },
    });
    const output = await download(openai, batch.output_file_id);
    const errors = await download(openai, batch.error_file_id);
    expect(errors.map(({ error }) => error?.code)).toEqual(Array(7).fill("batch_expired"));
    expect(idsOf([...output, ...errors])).toEqual(requestIds(10));
    expect(await runBatch(openai, chatLines(3))).toMatchObject({ status: "completed" });
  });

  test("output in another order, always the same", async () => {
    const orders: string[][] = [];
    for (let round = 0; round < 2; round += 1) {
      await using own = await startWith({ shuffleOutput: true });
      const { openai } = own;
      const batch = await runBatch(openai, chatLines(20));
      orders.push((await download(openai, batch.output_file_id)).map(({ custom_id }) => custom_id));
    }
    const ids = requestIds(20);
    expect(orders[0]).toEqual(orders[1]);
    expect(orders[0]).not.toEqual(ids);
    expect([...(orders[0] ?? [])].sort()).toEqual([...ids].sort());
  });

  test("a line that is missing although it is counted", async () => {
    await using own = await startWith({ missingLines: ["request-1"] });
    const { openai } = own;
    const batch = await runBatch(openai, chatLines(3));
    expect(batch).toMatchObject({
      status: "completed",
      request_counts: { total: 3, completed: 3, failed: 0 },
    });
    expect(idsOf(await download(openai, batch.output_file_id))).toEqual(["request-0", "request-2"]);
  });

  test('an error_file_id of ""', async () => {
    await using own = await startWith({ emptyErrorFileId: true });
    expect(await runBatch(own.openai, chatLines(1))).toMatchObject({
      status: "completed",
      error_file_id: "",
    });
  });

  test("an output_file_id of null although there are answers", async () => {
    await using own = await startWith({ nullOutputFileId: true });
    expect(await runBatch(own.openai, chatLines(2))).toMatchObject({
      status: "completed",
      output_file_id: null,
      request_counts: { completed: 2 },
    });
  });

  test("a status that nobody knows", async () => {
    await using own = await startWith({ unknownStatus: { status: "in_queue", polls: 2 } });
    const { openai } = own;
    const { id } = await createBatch(openai, chatLines(1));
    const statuses: string[] = [];
    for (let poll = 0; poll < 3; poll += 1) statuses.push((await openai.batches.retrieve(id)).status);
    expect(statuses.slice(0, 2)).toEqual(["in_queue", "in_queue"]);
    expect(statuses[2]).not.toBe("in_queue");
  });

  test("a 502 while it is polled", async () => {
    await using own = await startWith({ failPolls: 2 });
    const { openai } = own;
    const { id } = await createBatch(openai, chatLines(1));
    await expect(openai.batches.retrieve(id)).rejects.toMatchObject({ status: 502 });
    await expect(openai.batches.retrieve(id)).rejects.toMatchObject({ status: 502 });
    expect((await openai.batches.retrieve(id)).id).toBe(id);
  });

  test("a download that breaks off", async () => {
    await using own = await startWith({ cutDownloads: 1 });
    const { openai } = own;
    const { output_file_id } = await runBatch(openai, chatLines(50));
    await expect(download(openai, output_file_id)).rejects.toThrow();
    expect(await download(openai, output_file_id)).toHaveLength(50);
  });

  test("a download that breaks off once half has come, and the next one that asks for the rest", async () => {
    await using own = await startWith({ cutDownloads: 2 });
    const { server, openai } = own;
    const { output_file_id } = await runBatch(openai, chatLines(50));
    const url = `${server.baseURL}/files/${output_file_id}/content`;
    const { bytes } = await openai.files.retrieve(output_file_id ?? "");
    const half = Math.floor(bytes / 2);
    expect(await receive(url, 0)).toEqual({ received: half, isWhole: false });
    expect(await receive(url, half)).toEqual({ received: Math.floor((bytes - half) / 2), isWhole: false });
    expect(await receive(url, half)).toEqual({ received: bytes - half, isWhole: true });
  });

  test("a batch that is made, and whose answer is lost", async () => {
    await using own = await startWith({ loseCreates: 1 });
    const { openai } = own;
    await expect(createBatch(openai, chatLines(1))).rejects.toThrow(OpenAI.APIConnectionError);
    const [batch] = (await openai.batches.list()).data;
    expect((await waitForEnd(openai, batch?.id ?? "")).status).toBe("completed");
    await createBatch(openai, chatLines(1));
    expect((await openai.batches.list()).data).toHaveLength(2);
  });

  test("a download that ends half-way as if that were all, and the next one that asks for the rest", async () => {
    await using own = await startWith({ endDownloads: 2 });
    const { server, openai } = own;
    const { output_file_id } = await runBatch(openai, chatLines(50));
    const url = `${server.baseURL}/files/${output_file_id}/content`;
    const { bytes } = await openai.files.retrieve(output_file_id ?? "");
    const half = Math.floor(bytes / 2);
    const answer = await fetch(url);
    expect([answer.status, (await answer.arrayBuffer()).byteLength]).toEqual([200, half]);
    expect(await receive(url, half)).toEqual({ received: Math.floor((bytes - half) / 2), isWhole: true });
    expect(await receive(url, half)).toEqual({ received: bytes - half, isWhole: true });
  });

  test("output that grows once its batch is completed", async () => {
    await using own = await startWith({ growOutputs: 3 });
    const { server, openai } = own;
    const { output_file_id } = await runBatch(openai, chatLines(50));
    const id = output_file_id ?? "";
    const url = `${server.baseURL}/files/${id}/content`;
    const { bytes: half } = await openai.files.retrieve(id);
    expect(await receive(url, 0)).toEqual({ received: half, isWhole: true });
    expect((await fetch(url, { headers: { range: `bytes=${half}-` } })).status).toBe(416);
    const { bytes } = await openai.files.retrieve(id);
    expect(Math.floor(bytes / 2)).toBe(half);
    expect(await receive(url, half)).toEqual({ received: bytes - half, isWhole: true });
  });

  test("an output file that is gone when its batch is at its end", async () => {
    await using own = await startWith({ expireOutputs: 1 });
    const { openai } = own;
    const { output_file_id } = await runBatch(openai, chatLines(2));
    await expect(openai.files.content(output_file_id ?? "")).rejects.toMatchObject({ status: 404 });
    const second = await runBatch(openai, chatLines(2));
    expect(await download(openai, second.output_file_id)).toHaveLength(2);
  });

  test("uploads and creates that come too often", async () => {
    await using own = await startWith({ limitUploads: 1, limitCreates: 1 });
    const { openai } = own;
    await expect(upload(openai, [chatLine("a")])).rejects.toMatchObject({ status: 429 });
    const error: unknown = await createBatch(openai, [chatLine("a")]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: 429, code: "rate_limit_exceeded" });
    expect(error instanceof OpenAI.APIError && error.headers?.get("retry-after")).toBe("1");
    expect((await runBatch(openai, [chatLine("a")])).status).toBe("completed");
  });

  test("a file that is uploaded, and whose answer is lost", async () => {
    await using own = await startWith({ loseUploads: 1 });
    const { openai } = own;
    await expect(upload(openai, [chatLine("a")])).rejects.toThrow(OpenAI.APIConnectionError);
    expect((await openai.files.list()).data).toHaveLength(1);
  });

  test("a batch that is not there, or is busy, right after it was created", async () => {
    await using own = await startWith({ hideCreates: 1, lockCreates: 1 });
    const { openai } = own;
    const { id } = await createBatch(openai, chatLines(1));
    await expect(openai.batches.retrieve(id)).rejects.toMatchObject({ status: 404 });
    await expect(openai.batches.cancel(id)).rejects.toMatchObject({ status: 409 });
    expect((await openai.batches.retrieve(id)).id).toBe(id);
  });

  test("lists that lag behind", async () => {
    await using own = await startWith({ lagLists: 2 });
    const { openai } = own;
    await createBatch(openai, chatLines(1));
    const lengths: number[] = [];
    for (let list = 0; list < 3; list += 1) lengths.push((await openai.batches.list()).data.length);
    expect(lengths).toEqual([0, 0, 1]);
    expect((await openai.files.list()).data).toEqual([]);
  });

  test("a batch that is never validated, until it is out of time", async () => {
    await using server = await startBatchServer({ clock: { speed: 0 }, trouble: { stuckBatches: 1 } });
    const openai = new OpenAI({ baseURL: server.baseURL, apiKey: server.apiKey });
    const [stuck, next] = [await createBatch(openai, chatLines(1)), await createBatch(openai, chatLines(1))];
    await server.clock.advance(86_000_000);
    expect((await openai.batches.retrieve(stuck.id)).status).toBe("validating");
    expect((await openai.batches.retrieve(next.id)).status).toBe("completed");
    await server.clock.advance(400_000);
    expect(await openai.batches.retrieve(stuck.id)).toMatchObject({
      status: "expired",
      request_counts: { total: 1, completed: 0 },
    });
  });

  test("batches that somebody else cancels", async () => {
    await using own = await startWith({ cancelAfterRequests: 3 });
    const { openai } = own;
    const batch = await runBatch(openai, chatLines(10));
    expect(batch).toMatchObject({ status: "cancelled", request_counts: { total: 10, completed: 3 } });
    expect(batch.cancelling_at).not.toBeNull();
    expect(await download(openai, batch.output_file_id)).toHaveLength(3);
    const codes = (await download(openai, batch.error_file_id)).map(({ error }) => error?.code);
    expect(codes).toEqual(Array(7).fill("batch_cancelled"));
  });

  test("a file that is not found right after its upload", async () => {
    await using own = await startWith({ hideUploads: 2 });
    const { openai } = own;
    const id = await upload(openai, [chatLine("a")]);
    await expect(openai.files.retrieve(id)).rejects.toMatchObject({ status: 404 });
    await expect(openai.files.content(id)).rejects.toMatchObject({ status: 404 });
    expect((await openai.files.retrieve(id)).id).toBe(id);
  });
});
