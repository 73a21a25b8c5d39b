import { existsSync, readdirSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { BatchCollector } from "../../../src/collect/collector/batch-collector.js";
import { openResults } from "../../../src/results/reader/open-results.js";
import {
  answerLine,
  asking,
  chatBody,
  citySchema,
  failureLine,
  requestLine,
  unansweredLine,
} from "../../lines.js";
import { fileWriter, temporaryFolder } from "../../temporary-folder.js";
import { collect, outline } from "../read-all.js";

const write = fileWriter();
const ids = ["a", "b", "c", "d", "e", "f", "g"];
const files = () => ({
  requests: write(ids.map((id) => requestLine(id, id === "a" ? asking("city", citySchema) : {}))),
  results: [
    write([
      answerLine("g"),
      answerLine("a", chatBody('{"city":"Paris","population":2}')),
      answerLine("z"),
      "{",
    ]),
    write([
      failureLine("b"),
      unansweredLine("c", "batch_expired"),
      unansweredLine("d", "batch_cancelled"),
      answerLine("e").slice(0, -9),
      failureLine("g"),
    ]),
  ],
});

describe("opened results", () => {
  test("are counted by status before anything is asked", async () => {
    await using results = await openResults(files());
    expect(results.counts).toEqual({
      total: 7,
      succeeded: 2,
      failed: 1,
      expired: 1,
      cancelled: 1,
      missing: 1,
      unreadable: 1,
      strays: 3,
    });
    expect(results.strays.count).toBe(3);
    expect(results.strays.listed.map(({ line, kind, custom_id }) => [line, kind, custom_id])).toEqual([
      [3, "no_request", "z"],
      [4, "broken_line", undefined],
      [5, "duplicate", "g"],
    ]);
  });

  test("are gone through as often as wanted, also at the same time, and agree with the counts", async () => {
    await using results = await openResults({ ...files(), order: "found" });
    const [one, other] = await Promise.all([collect(results), collect(results)]);
    expect(outline(one)).toEqual([
      "g succeeded",
      "a succeeded",
      "b failed",
      "c expired",
      "d cancelled",
      "e unreadable",
      "f missing",
    ]);
    expect(outline(other)).toEqual(outline(one));
  });

  test("are found by what the collector gave, by another result, and by custom_id", async () => {
    const path = `${temporaryFolder()}/requests.jsonl`;
    const City = z.object({ city: z.string(), population: z.number() });
    using collector = new BatchCollector(path);
    const messages = [{ role: "user" as const, content: "x" }];
    const ref = collector.chat.completions.parse({
      custom_id: "a",
      model: "gpt-4o",
      messages,
      response_format: City,
    });
    await using results = await openResults({ requests: path, results: files().results, format: City });
    const result = await results.get(ref);
    expect(result).toMatchObject({ custom_id: "a", parsed: { city: "Paris" } });
    expect(await results.get(result ?? "")).toEqual(result);
    expect(await results.get("a")).toEqual(result);
    expect([results.has(ref), results.has("a"), results.has("b")]).toEqual([true, true, false]);
    expect(await results.get("b")).toBeUndefined();
  });

  test("have a result also for a missing request", async () => {
    await using results = await openResults(files());
    expect(results.has("f")).toBe(true);
    expect(await results.get("f")).toMatchObject({ status: "missing", custom_id: "f", requestLine: 6 });
  });

  test("give the line of the batch file that asked for one, for sending it again", async () => {
    const options = files();
    await using results = await openResults(options);
    expect(await results.readRequest("f")).toBe(requestLine("f"));
    expect(await results.readRequest("z")).toBeUndefined();
    const { results: alone } = options;
    await using others = await openResults({ results: alone });
    expect(await others.readRequest("a")).toBeUndefined();
  });

  test("without the batch file are what the results files hold", async () => {
    await using results = await openResults({ results: files().results });
    expect(results.counts).toMatchObject({ total: 7, succeeded: 3, missing: 0, strays: 2 });
    expect(results.has("f")).toBe(false);
    expect(await results.get("z")).toMatchObject({ status: "succeeded" });
  });

  test("list no more than 1,000 strays, and count all", async () => {
    const strays = Array.from({ length: 1500 }, () => "{");
    await using results = await openResults({ results: write([...strays, answerLine("a")]) });
    expect(results.strays.count).toBe(1500);
    expect(results.strays.listed).toHaveLength(1000);
    expect(results.counts).toMatchObject({ total: 1, strays: 1500 });
  });

  test("refuse what is asked after they were closed, and may be closed twice", async () => {
    const results = await openResults(files());
    await results.close();
    await results.close();
    const closed = expect.objectContaining({ code: "results_closed" });
    expect(() => results.has("a")).toThrow(closed);
    await expect(results.get("a")).rejects.toEqual(closed);
    await expect(results.readRequest("a")).rejects.toEqual(closed);
    await expect(collect(results)).rejects.toEqual(closed);
    expect(results.counts.total).toBe(7);
  });

  test("that are closed while they are gone through end it with an error", async () => {
    const results = await openResults(files());
    await expect(
      (async () => {
        for await (const _ of results) await results.close();
      })(),
    ).rejects.toMatchObject({ code: "results_closed" });
  });

  test("are read from the files that were opened, though others take their names", async () => {
    const options = files();
    await using results = await openResults(options);
    for (const path of [options.requests, ...options.results]) {
      unlinkSync(path);
      writeFileSync(path, "something else\n");
    }
    expect((await collect(results)).map(({ custom_id }) => custom_id)).toEqual(ids);
  });

  test("of compressed files are kept in a temporary file that is gone at once", async () => {
    const before = new Set(readdirSync(tmpdir()));
    const compressed = write(gzipSync(answerLine("a")));
    await using results = await openResults({ results: [compressed, compressed] });
    const left = readdirSync(tmpdir()).filter(
      (name) => !before.has(name) && /^openbatch-.*\.jsonl$/.test(name),
    );
    if (process.platform !== "win32") expect(left).toEqual([]);
    expect(await results.get("a")).toMatchObject({ text: "Answer to a.", file: compressed });
    expect(results.counts).toMatchObject({ total: 1, strays: 0 });
    expect(existsSync(compressed)).toBe(true);
  });
});
