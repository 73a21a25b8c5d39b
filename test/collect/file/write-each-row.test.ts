import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { BatchCollector, type BulkProgress, OpenbatchError, RequestError } from "../../../src/index.js";
import { temporaryFolder } from "../../temporary-folder.js";

const folder = temporaryFolder();
let files = 0;

function open(onDuplicate: "error" | "skip" = "error"): BatchCollector {
  files += 1;
  return new BatchCollector(join(folder, `many-${files}.jsonl`), { onDuplicate, onWarning: () => undefined });
}

const linesOf = (collector: BatchCollector) =>
  readFileSync(collector.path, "utf8").split("\n").filter(Boolean);

const toRequest = (row: { readonly id: string; readonly text: string }) => ({
  custom_id: row.id,
  model: "text-embedding-3-small",
  input: row.text,
});

function rows(count: number): { id: string; text: string }[] {
  return Array.from({ length: count }, (_, index) => ({ id: `row-${index + 1}`, text: `text ${index + 1}` }));
}

async function* slowly<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) {
    await setTimeout(1);
    yield item;
  }
}

describe("createMany", () => {
  it("writes a request for each row, in order, and counts them", async () => {
    const collector = open();
    const progress: BulkProgress[] = [];
    const counts = await collector.embeddings.createMany(rows(2500), toRequest, {
      onProgress: (now) => progress.push(now),
    });
    expect(counts).toEqual({ rows: 2500, written: 2500, skipped: 0, failed: 0, failures: [] });
    expect(progress.map(({ rows }) => rows)).toEqual([1000, 2000, 2500]);
    expect(linesOf(collector).map((line) => JSON.parse(line).custom_id)).toEqual(
      rows(2500).map(({ id }) => id),
    );
  });

  it("takes any async iterable, and the next row only when the last is written", async () => {
    const collector = open();
    let taken = 0;
    async function* counted() {
      for await (const row of slowly(rows(5))) {
        expect(collector.count).toBe(taken);
        taken += 1;
        yield row;
      }
    }
    expect(await collector.embeddings.createMany(counted(), toRequest)).toMatchObject({
      rows: 5,
      written: 5,
    });
  });

  it("stops at a bad row with its number, and the lines before it are in the file", async () => {
    const collector = open("skip");
    const input = rows(5);
    input[3] = { id: "row-4", text: "" };
    const failing = collector.embeddings.createMany(input, toRequest);
    await expect(failing).rejects.toMatchObject({
      code: "row_failed",
      message: expect.stringMatching(/^Row 4 failed; 3 lines were written before it\. .*body\.input/s),
      hint: expect.stringContaining('onDuplicate: "skip"'),
      cause: expect.any(RequestError),
    });
    expect(linesOf(collector)).toHaveLength(3);
    input[3] = { id: "row-4", text: "mended" };
    expect(await collector.embeddings.createMany(input, toRequest)).toMatchObject({ written: 2, skipped: 3 });
    expect(linesOf(collector)).toHaveLength(5);
  });

  it("goes past bad rows where asked to, and reports all of them", async () => {
    const collector = open();
    const input = rows(3000).map((row, index) => (index % 2 === 0 ? row : { ...row, text: "" }));
    const seen: number[] = [];
    const counts = await collector.embeddings.createMany(input, toRequest, {
      onError: "skip",
      onFailure: ({ row }) => seen.push(row),
    });
    expect(counts).toMatchObject({ rows: 3000, written: 1500, failed: 1500 });
    expect(counts.failures).toHaveLength(1000);
    expect(counts.failures[0]).toMatchObject({ row: 2, error: expect.any(RequestError) });
    expect(seen).toHaveLength(1500);
  });

  it("says which row made the callback throw", async () => {
    const collector = open();
    const failing = collector.embeddings.createMany([1, 2], (row) => {
      if (row === 2) throw new TypeError("no such column");
      return { custom_id: `${row}`, model: "m", input: "x" };
    });
    await expect(failing).rejects.toMatchObject({
      code: "row_failed",
      message: expect.stringContaining("Row 2"),
    });
    expect(linesOf(collector)).toHaveLength(1);
  });

  it("says which row is nested too deeply", async () => {
    const deep: unknown = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`);
    const failing = open().embeddings.createMany([deep], (row) => ({
      custom_id: "a",
      model: "m",
      input: JSON.stringify(row),
    }));
    await expect(failing).rejects.toMatchObject({
      code: "row_failed",
      message: expect.stringContaining("Row 1 is nested too deeply to be written"),
    });
  });

  it.each<[string, (collector: BatchCollector) => Promise<unknown>, object]>([
    [
      "rows that are a promise",
      (it) => it.embeddings.createMany(Promise.resolve([]) as never, toRequest),
      { code: "invalid_type" },
    ],
    [
      "rows that are a string",
      (it) => it.embeddings.createMany("abc" as never, toRequest),
      { code: "invalid_type" },
    ],
    ["no rows", (it) => it.embeddings.createMany(undefined as never, toRequest), { code: "invalid_type" }],
    [
      "an unknown option",
      (it) => it.embeddings.createMany([], toRequest, { onErrors: "skip" } as never),
      { code: "invalid_option", hint: "Did you mean onError?" },
    ],
    [
      "a wrong choice",
      (it) => it.embeddings.createMany([], toRequest, { onError: "ignore" } as never),
      { code: "invalid_option" },
    ],
    [
      "a callback that gives a promise",
      (it) =>
        it.embeddings.createMany(rows(1), (async (row: { id: string; text: string }) =>
          toRequest(row)) as never),
      { code: "row_failed", message: expect.stringContaining("found a promise. Await") },
    ],
    ["no callback", (it) => it.embeddings.createMany(rows(1), undefined as never), { code: "invalid_type" }],
  ])("refuses %s", async (_, write, error) => {
    await expect((async () => write(open()))()).rejects.toMatchObject(error);
  });

  it("ends with the rows' own error, and keeps what was written", async () => {
    const collector = open();
    function* broken() {
      yield* rows(2);
      throw new Error("the cursor is gone");
    }
    await expect(collector.embeddings.createMany(broken(), toRequest)).rejects.toThrow("the cursor is gone");
    expect(linesOf(collector)).toHaveLength(2);
  });

  it("stops when it is aborted, with whole lines in the file", async () => {
    const collector = open();
    const controller = new AbortController();
    function* endless() {
      for (let index = 0; ; index += 1) yield { id: `${index}`, text: "x" };
    }
    const writing = collector.embeddings.createMany(endless(), toRequest, {
      signal: controller.signal,
      onProgress: ({ rows }) => rows >= 5000 && controller.abort(new Error("enough")),
    });
    await expect(writing).rejects.toThrow("enough");
    expect(linesOf(collector)).toHaveLength(5000);
  });

  it("stops at once when it is aborted while a row is waited for", async () => {
    const collector = open();
    const controller = new AbortController();
    let release = () => {};
    async function* stalled() {
      yield* rows(2);
      controller.abort(new Error("enough"));
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      yield* rows(4);
    }
    await expect(
      collector.embeddings.createMany(stalled(), toRequest, { signal: controller.signal }),
    ).rejects.toThrow("enough");
    expect(linesOf(collector)).toHaveLength(2);
    release();
    await setTimeout(5);
    expect(collector.count).toBe(2);
  });

  it("does not go on after a cause that the next row would meet as well", async () => {
    const collector = open();
    let calls = 0;
    const writing = collector.embeddings.createMany(
      rows(10),
      (row) => {
        calls += 1;
        if (calls === 3) collector.close();
        return toRequest(row);
      },
      { onError: "skip" },
    );
    await expect(writing).rejects.toBeInstanceOf(OpenbatchError);
    expect(calls).toBe(3);
  });
});

describe("the bulk calls of the other resources", () => {
  it("write what their single calls write", async () => {
    const collector = open();
    const schema = {
      type: "object",
      properties: { a: { type: "string" } },
      required: ["a"],
      additionalProperties: false,
    } as const;
    const messages = [{ role: "user" as const, content: "x" }];
    const once = [0];
    await collector.chat.completions.createMany(once, () => ({ custom_id: "1", model: "gpt-4o", messages }));
    await collector.chat.completions.parseMany(once, () => ({
      custom_id: "2",
      model: "gpt-4o",
      messages,
      response_format: schema,
    }));
    await collector.responses.createMany(once, () => ({ custom_id: "3", model: "gpt-4o", input: "x" }));
    await collector.responses.parseMany(once, () => ({
      custom_id: "4",
      model: "gpt-4o",
      input: "x",
      text_format: schema,
    }));
    await collector.completions.createMany(once, () => ({
      custom_id: "5",
      model: "gpt-3.5-turbo-instruct",
      prompt: "x",
    }));
    await collector.moderations.createMany(once, () => ({ custom_id: "6", input: "x" }));
    await collector.images.generateMany(once, () => ({ custom_id: "7", model: "gpt-image-2", prompt: "x" }));
    await collector.images.editMany(once, () => ({
      custom_id: "8",
      prompt: "x",
      images: [{ file_id: "file-1" }],
    }));
    await collector.addMany(once, () => ({
      custom_id: "9",
      url: "/v1/embeddings" as const,
      body: { model: "m", input: "x" },
    }));
    const other = open();
    other.chat.completions.create({ custom_id: "1", model: "gpt-4o", messages });
    other.chat.completions.parse({ custom_id: "2", model: "gpt-4o", messages, response_format: schema });
    other.responses.create({ custom_id: "3", model: "gpt-4o", input: "x" });
    other.responses.parse({ custom_id: "4", model: "gpt-4o", input: "x", text_format: schema });
    other.completions.create({ custom_id: "5", model: "gpt-3.5-turbo-instruct", prompt: "x" });
    other.moderations.create({ custom_id: "6", input: "x" });
    other.images.generate({ custom_id: "7", model: "gpt-image-2", prompt: "x" });
    other.images.edit({ custom_id: "8", prompt: "x", images: [{ file_id: "file-1" }] });
    other.add({ custom_id: "9", url: "/v1/embeddings", body: { model: "m", input: "x" } });
    expect(linesOf(collector)).toEqual(linesOf(other));
  });
});
