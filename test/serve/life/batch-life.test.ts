import OpenAI from "openai";
import type { Batch } from "openai/resources/batches";
import { describe, expect, test } from "vitest";
import type { TestBatchServerOptions } from "../../../src/testing.js";
import { chatLine, chatLines } from "../../lines.js";
import { createBatch, download, idsOf, runBatch, waitForEnd } from "../batches.js";
import { isOnPostgres, startBatchServer } from "../start-batch-server.js";

const minute = 60_000;
const day = 24 * 60 * minute;

async function start(options: TestBatchServerOptions = {}) {
  const server = await startBatchServer(options);
  const openai = new OpenAI({ baseURL: server.baseURL, apiKey: server.apiKey, maxRetries: 0 });
  return { server, openai, [Symbol.asyncDispose]: () => server.close() };
}

describe("a batch", () => {
  test("goes through its states in their order, each with its time", async () => {
    const stageMs = { validating: minute, in_progress: 2 * minute, finalizing: 3 * minute };
    await using own = await start({ clock: { speed: 0 }, stageMs });
    const { server, openai } = own;
    const { id, created_at } = await createBatch(openai, chatLines(3));
    const seen: Batch[] = [];
    for (let step = 0; step < 7; step += 1) {
      await server.clock.advance(step === 0 ? 1 : minute);
      seen.push(await openai.batches.retrieve(id));
    }
    expect(seen.map(({ status }) => status)).toEqual([
      "validating",
      "in_progress",
      "in_progress",
      "finalizing",
      "finalizing",
      "finalizing",
      "completed",
    ]);
    const [validating, in_progress, , finalizing, , , completed] = seen;
    expect(validating).toMatchObject({ in_progress_at: null, request_counts: { total: 0 }, model: null });
    expect(in_progress).toMatchObject({
      in_progress_at: created_at + 60,
      finalizing_at: null,
      request_counts: { total: 3, completed: 3, failed: 0 },
      output_file_id: null,
      model: "gpt-4o-mini",
    });
    expect(finalizing).toMatchObject({
      finalizing_at: created_at + 180,
      completed_at: null,
      output_file_id: null,
    });
    expect(completed).toMatchObject({
      created_at,
      in_progress_at: created_at + 60,
      finalizing_at: created_at + 180,
      completed_at: created_at + 360,
      expires_at: created_at + 86_400,
      failed_at: null,
      expired_at: null,
      cancelling_at: null,
      cancelled_at: null,
      errors: null,
      error_file_id: null,
      output_file_id: expect.stringMatching(/^file-/),
    });
  });

  test("has counts that move, and the usage of its answers", async () => {
    // Workers tell how far they are every second.
    const slow = isOnPostgres ? "slow:1:400" : "slow:1:20";
    await using own = await start({ concurrency: 1, rehearse: { faults: [slow] } });
    const { openai } = own;
    const { id } = await createBatch(openai, chatLines(12));
    const counts = new Set<number>();
    for (;;) {
      const batch = await openai.batches.retrieve(id);
      counts.add(batch.request_counts?.completed ?? -1);
      if (batch.status === "completed") break;
    }
    expect(counts.size).toBeGreaterThan(3);
    expect([...counts]).toEqual([...counts].sort((one, other) => one - other));
    const batch = await openai.batches.retrieve(id);
    const lines = await download(openai, batch.output_file_id);
    const sum = (name: string): number =>
      lines.reduce((total, { response }) => total + Number(Object(response?.body.usage)[name]), 0);
    expect(batch.usage).toEqual({
      input_tokens: sum("prompt_tokens"),
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: sum("completion_tokens"),
      output_tokens_details: { reasoning_tokens: expect.any(Number) },
      total_tokens: sum("total_tokens"),
    });
    expect(batch.usage?.total_tokens).toBeGreaterThan(100);
  });

  test("writes answers into its output file and failures into its error file, as the service does", async () => {
    await using own = await start({ rehearse: { faults: ["400:request-1"] } });
    const { openai } = own;
    const batch = await runBatch(openai, chatLines(3));
    expect(batch).toMatchObject({
      status: "completed",
      request_counts: { total: 3, completed: 2, failed: 1 },
    });
    const output = await download(openai, batch.output_file_id);
    expect(idsOf(output)).toEqual(["request-0", "request-2"]);
    for (const line of output) {
      expect(line).toEqual({
        id: expect.stringMatching(/^batch_req_[0-9a-f]{32}$/),
        custom_id: line.custom_id,
        response: {
          status_code: 200,
          request_id: expect.any(String),
          body: expect.objectContaining({ object: "chat.completion", model: "rehearsal-gpt-4o-mini" }),
        },
        error: null,
      });
    }
    expect(await download(openai, batch.error_file_id)).toEqual([
      {
        id: expect.stringMatching(/^batch_req_[0-9a-f]{32}$/),
        custom_id: "request-1",
        response: {
          status_code: 400,
          request_id: expect.any(String),
          body: {
            error: expect.objectContaining({ message: expect.any(String), type: "invalid_request_error" }),
          },
        },
        error: null,
      },
    ]);
    const files = [batch.output_file_id, batch.error_file_id].map((id) => openai.files.retrieve(id ?? ""));
    expect(await Promise.all(files)).toMatchObject([
      { purpose: "batch_output", filename: `${batch.id}_output.jsonl`, status: "processed" },
      { purpose: "batch_output", filename: `${batch.id}_error.jsonl`, status: "processed" },
    ]);
  });

  test("has no output file where nothing succeeded, and no error file where nothing failed", async () => {
    await using own = await start({ rehearse: { faults: ["400:bad*"] } });
    const { openai } = own;
    expect(await runBatch(openai, [chatLine("bad-1"), chatLine("bad-2")])).toMatchObject({
      status: "completed",
      errors: null,
      output_file_id: null,
      error_file_id: expect.any(String),
      request_counts: { total: 2, completed: 0, failed: 2 },
    });
    expect(await runBatch(openai, [chatLine("good")])).toMatchObject({
      output_file_id: expect.any(String),
      error_file_id: null,
    });
  });

  test("has files that live as long as it was asked", async () => {
    await using own = await start({ clock: { speed: 0 } });
    const { server, openai } = own;
    const short = await createBatch(openai, chatLines(1), {
      output_expires_after: { anchor: "created_at", seconds: 3600 },
    });
    const usual = await createBatch(openai, chatLines(1));
    await server.clock.advance(minute);
    const lifetimes = [short, usual].map(async ({ id }) => {
      const { output_file_id } = await openai.batches.retrieve(id);
      const { expires_at = 0, created_at } = await openai.files.retrieve(output_file_id ?? "");
      return expires_at - created_at;
    });
    expect(await Promise.all(lifetimes)).toEqual([3600, 30 * 86_400]);
    await server.clock.advance(61 * minute);
    const { output_file_id } = await openai.batches.retrieve(short.id);
    await expect(openai.files.content(output_file_id ?? "")).rejects.toMatchObject({ status: 404 });
  });
});

describe("a batch that runs out of time", () => {
  const faults = ["timeout:late-*"];
  const lines = [...chatLines(4), chatLine("late-1"), chatLine("late-2")];

  test("is expired, with what there is and a line for each of the rest", async () => {
    await using own = await start({ clock: { speed: 0 }, rehearse: { faults } });
    const { server, openai } = own;
    const { id, created_at } = await createBatch(openai, lines);
    await expect.poll(async () => (await openai.batches.retrieve(id)).request_counts?.completed).toBe(4);
    await server.clock.advance(day - 1000);
    expect((await openai.batches.retrieve(id)).status).toBe("in_progress");
    await server.clock.advance(1000);
    const batch = await openai.batches.retrieve(id);
    expect(batch).toMatchObject({
      status: "expired",
      expired_at: created_at + 86_400,
      finalizing_at: created_at + 86_400,
      completed_at: null,
      request_counts: { total: 6, completed: 4, failed: 0 },
    });
    expect(idsOf(await download(openai, batch.output_file_id))).toEqual(idsOf(lines.slice(0, 4).map(toLine)));
    expect(await download(openai, batch.error_file_id)).toEqual(
      ["late-1", "late-2"].map((custom_id) => ({
        id: expect.stringMatching(/^batch_req_/),
        custom_id,
        response: null,
        error: {
          code: "batch_expired",
          message: "This request could not be executed before the completion window expired.",
        },
      })),
    );
    await expect(openai.batches.cancel(id)).rejects.toMatchObject({
      status: 409,
      message: "409 Cannot cancel a batch with status 'expired'.",
    });
  });

  test("may do so in 50 ms", async () => {
    await using own = await start({ clock: { speed: day / 50 }, rehearse: { faults: ["timeout:1"] } });
    const { openai } = own;
    const { id } = await createBatch(openai, chatLines(2));
    expect(await waitForEnd(openai, id)).toMatchObject({ status: "expired", output_file_id: null });
  });

  test("while its input is still to be read has all its requests expired", async () => {
    await using own = await start({ clock: { speed: 0 }, stageMs: { validating: 2 * day } });
    const { server, openai } = own;
    const { id } = await createBatch(openai, chatLines(2));
    await server.clock.advance(day);
    const batch = await openai.batches.retrieve(id);
    expect(batch).toMatchObject({ status: "expired", request_counts: { total: 2, completed: 0, failed: 0 } });
    expect(await download(openai, batch.error_file_id)).toHaveLength(2);
  });
});

test("a batch that is cancelled has what there is and a line for each of the rest", async () => {
  await using own = await start({ rehearse: { faults: ["timeout:late-*", "400:bad"] } });
  const { openai } = own;
  const { id } = await createBatch(openai, [
    ...chatLines(2),
    chatLine("bad"),
    chatLine("late-1"),
    chatLine("late-2"),
  ]);
  await expect.poll(async () => (await openai.batches.retrieve(id)).request_counts?.completed).toBe(2);
  await openai.batches.cancel(id);
  const batch = await waitForEnd(openai, id);
  expect(batch).toMatchObject({ status: "cancelled", request_counts: { total: 5, completed: 2, failed: 1 } });
  expect(idsOf(await download(openai, batch.output_file_id))).toEqual(["request-0", "request-1"]);
  const errors = await download(openai, batch.error_file_id);
  expect(errors.map(({ custom_id, error }) => [custom_id, error])).toEqual([
    ["bad", null],
    ...["late-1", "late-2"].map((custom_id) => [
      custom_id,
      { code: "batch_cancelled", message: "This request was not executed because the batch was cancelled." },
    ]),
  ]);
});

test("batches of all sizes go on side by side", async () => {
  await using own = await start({ concurrency: 2, rehearse: { faults: ["slow:1:5"] } });
  const { openai } = own;
  const large = await createBatch(openai, chatLines(400));
  await expect.poll(async () => (await openai.batches.retrieve(large.id)).status).toBe("in_progress");
  const small = await createBatch(openai, chatLines(4));
  expect((await waitForEnd(openai, small.id)).status).toBe("completed");
  const { request_counts } = await openai.batches.retrieve(large.id);
  expect(request_counts?.completed).toBeLessThan(400);
  await openai.batches.cancel(large.id);
});

function toLine(line: string): { custom_id: string; response: null; error: null } {
  return { custom_id: JSON.parse(line).custom_id, response: null, error: null };
}
