import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { readFilter } from "../../../src/view/routes/read-row-query.js";
import { ResultsSource } from "../../../src/view/source/results-source.js";
import { chatAnswerLine, chatLine, failureLine } from "../../lines.js";
import { fileWriter, temporaryFolder, writeFolder } from "../../temporary-folder.js";
import { hostileText, moodRequests, moodResults } from "../viewed.js";

const folder = temporaryFolder();
const write = fileWriter(folder);

async function open(requests: readonly string[] | undefined, results: readonly string[] | undefined) {
  const source = await ResultsSource.open({
    id: "1",
    requests: requests === undefined ? undefined : write(requests),
    results: results === undefined ? [] : [write(results)],
    mayStillCome: results === undefined,
  });
  onTestFinished(() => source.close());
  return source;
}

async function openMoods() {
  const source = await open(moodRequests, moodResults);
  await source.whenRead;
  return source;
}

/** The ids of the rows that a query as in an address lets through. */
async function idsOf(source: ResultsSource, query: string): Promise<readonly string[]> {
  const filter = readFilter(new URLSearchParams(query));
  const read = () => source.readPage({ from: 0, count: 100, filter, columns: ["custom_id"] });
  await expect.poll(async () => (await read()).isComplete).toBe(true);
  return (await read()).rows.map(({ custom_id }) => custom_id);
}

const nothing = readFilter(new URLSearchParams());

describe("a source of results", () => {
  test("counts what became of each request, its causes and the values of its answers", async () => {
    const source = await openMoods();
    const { state, total, counts, causes, fields } = source.summary();
    expect({ state, total, counts }).toEqual({
      state: "complete",
      total: 8,
      counts: { usable: 3, problem: 2, failed: 1, expired: 1, missing: 1 },
    });
    expect(causes.map(({ code, statusCode, count }) => [code, statusCode, count])).toEqual([
      ["invalid_json_answer", undefined, 1],
      ["schema_mismatch", undefined, 1],
      ["rate_limit_exceeded", 429, 1],
      ["missing_result", undefined, 1],
      ["batch_expired", undefined, 1],
    ]);
    expect(fields.find(({ path }) => path === "parsed.mood")).toMatchObject({
      isFilter: true,
      values: [
        { value: '"good"', count: 2 },
        { value: '"bad"', count: 1 },
      ],
    });
  });

  test("gives rows by their position, with the cells that are asked for", async () => {
    const source = await openMoods();
    const columns = ["prompt", "parsed.mood", "usage.input_tokens", "nothing"];
    const page = await source.readPage({ from: 1, count: 3, filter: nothing, columns });
    expect(page).toMatchObject({ total: 8, from: 1, isComplete: true, columns });
    expect(page.rows.map(({ custom_id, outcome, cells }) => [custom_id, outcome, ...cells])).toEqual([
      ["b", "usable", "Never again.", "bad", "10", null],
      ["c", "problem", `Say ${hostileText}`, null, "10", null],
      ["d", "problem", "It was “ZEPPELIN” night.", null, "10", null],
    ]);
  });

  test("filters by what became of a request, by cause and by value, all at once", async () => {
    const source = await openMoods();
    expect(await idsOf(source, "outcome=problem&outcome=failed")).toEqual(["c", "d", "e"]);
    expect(await idsOf(source, 'value=parsed.mood="good"')).toEqual(["a", "g"]);
    expect(await idsOf(source, 'value=parsed.mood="good"&value=parsed.stars=4')).toEqual(["g"]);
    const cause = source.summary().causes.find(({ code }) => code === "schema_mismatch");
    expect(await idsOf(source, `cause=${cause?.number}`)).toEqual(["d"]);
    expect(await idsOf(source, "outcome=usable&cause=1")).toEqual([]);
  });

  test("finds a text in the request, in the answer and in the words of an error, and not in how lines are written", async () => {
    const source = await openMoods();
    expect(await idsOf(source, "q=lovely")).toEqual(["a", "g"]);
    expect(await idsOf(source, "q=lovely&outcome=usable")).toEqual(["a", "g"]);
    expect(await idsOf(source, `q=${encodeURIComponent("“zeppelin”")}`)).toEqual(["d"]);
    expect(await idsOf(source, "q=slow+down")).toEqual(["e"]);
    expect(await idsOf(source, "q=strange")).toEqual(["d"]);
    expect(await idsOf(source, "q=finish_reason")).toEqual([]);
  });

  test("shows one request beside its answer, with every complaint of the schema at its place", async () => {
    const source = await openMoods();
    const detail = await source.readDetail("d", readFilter(new URLSearchParams("outcome=problem")));
    expect(detail).toMatchObject({
      row: 3,
      position: 1,
      total: 2,
      outcome: "problem",
      requestLine: 4,
      line: 4,
    });
    expect(detail?.request?.messages).toEqual([{ role: "user", text: "It was “ZEPPELIN” night." }]);
    expect(detail?.request?.settings).toContain('"json_schema"');
    expect(detail?.problem?.code).toBe("schema_mismatch");
    expect(detail?.problem?.issues.map(({ path }) => path)).toEqual([["mood"], ["stars"]]);
    expect(JSON.parse(source.readLine(3, "result") ?? "").custom_id).toBe("d");
    expect(source.readLine(3, "request")).toBe(moodRequests[3]);
    expect(await source.readDetail("nobody", nothing)).toBeUndefined();
    expect(await source.readDetail(8, nothing)).toBeUndefined();
  });

  test("of a batch file without results everything may still come", async () => {
    const source = await open(moodRequests, undefined);
    await source.whenRead;
    expect(source.summary()).toMatchObject({ state: "complete", counts: { pending: 8 } });
  });

  test("of a results file alone shows what is in it", async () => {
    const source = await open(undefined, [chatAnswerLine("x", "Yes."), failureLine("y", 500)]);
    await source.whenRead;
    expect(source.summary()).toMatchObject({ total: 2, counts: { usable: 1, failed: 1 } });
    expect(await idsOf(source, "q=yes")).toEqual(["x"]);
    expect((await source.readDetail("x", nothing))?.request).toBeUndefined();
  });

  test("shows rows while the files are still read", async () => {
    const count = 60_000;
    const ids = Array.from({ length: count }, (_, index) => `request-${index}`);
    const source = await open(
      ids.map((id) => chatLine(id)),
      ids.map((id) => chatAnswerLine(id, `Answer to ${id}`)),
    );
    await expect.poll(() => source.summary().total).toBeGreaterThan(0);
    const early = await source.readPage({ from: 0, count: 10, filter: nothing, columns: ["prompt"] });
    expect(source.summary().state).not.toBe("complete");
    expect(early.isComplete).toBe(false);
    expect(early.rows[9]?.cells).toEqual(["Say something about request-9."]);
    await source.whenRead;
    const last = await source.readPage({ from: count - 1, count: 10, filter: nothing, columns: ["text"] });
    expect(last.rows.map(({ cells }) => cells)).toEqual([[`Answer to request-${count - 1}`]]);
  });

  test("shows an image from the bytes in the answer, and fetches none", async () => {
    const png = Buffer.from("89504e470d0a1a0a00", "hex");
    const data = [{ b64_json: png.toString("base64") }, { url: "http://127.0.0.1:1/far.png" }];
    const line = JSON.stringify({
      ...{ id: "1", custom_id: "i", error: null },
      response: { status_code: 200, request_id: "r", body: { created: 1, data } },
    });
    const source = await open(undefined, [line]);
    await source.whenRead;
    expect((await source.readDetail("i", nothing))?.answer).toMatchObject({ images: 1, imagesElsewhere: 1 });
    expect(await source.readImage(0, 0, "result")).toEqual(png);
    expect(await source.readImage(0, 1, "result")).toBeUndefined();
    expect(await source.readImage(0, 0, "other")).toBeUndefined();
  });

  test("shows the images of both results that are held against each other", async () => {
    const line = (bytes: string) => {
      const body = { created: 1, data: [{ b64_json: Buffer.from(bytes, "hex").toString("base64") }] };
      const response = { status_code: 200, request_id: "r", body };
      return JSON.stringify({ id: "1", custom_id: "i", error: null, response });
    };
    const [one, other] = ["89504e470d0a1a0a01", "89504e470d0a1a0a02"];
    const request = {
      custom_id: "i",
      method: "POST",
      url: "/v1/images/generations",
      body: { prompt: "A dog." },
    };
    const source = await ResultsSource.open({
      ...{ id: "1", requests: write([JSON.stringify(request)]), results: [write([line(one)])] },
      ...{ mayStillCome: false, compare: [write([line(other)])] },
    });
    onTestFinished(() => source.close());
    await source.whenRead;
    const detail = await source.readDetail("i", nothing);
    expect([detail?.answer?.images, detail?.other?.answer?.images]).toEqual([1, 1]);
    expect(await source.readImage(0, 0, "result")).toEqual(Buffer.from(one, "hex"));
    expect(await source.readImage(0, 0, "other")).toEqual(Buffer.from(other, "hex"));
    expect(await source.readImage(0, 1, "other")).toBeUndefined();
  });

  test("has the columns of the other results too, also those that its own have nothing for", async () => {
    const source = await ResultsSource.open({
      ...{ id: "1", requests: write([chatLine("a")]), results: [write([chatAnswerLine("a", "fine")])] },
      mayStillCome: false,
      compare: [write([failureLine("a", 500, { code: "busy", message: "Later." })])],
    });
    onTestFinished(() => source.close());
    await source.whenRead;
    const { columns } = source.summary();
    expect(columns).toEqual(expect.arrayContaining(["text", "other.text", "other.error.code"]));
    expect(columns).not.toContain("error.code");
    const wanted = { from: 0, count: 1, filter: nothing };
    const page = await source.readPage({ ...wanted, columns: ["text", "other.error.code", "other.status"] });
    expect(page.rows[0]?.cells).toEqual(["fine", "busy", "failed"]);
  });

  test("holds other results of the same requests against these, and finds where they differ", async () => {
    const source = await ResultsSource.open({
      ...{ id: "1", requests: write(moodRequests), results: [write(moodResults)], mayStillCome: false },
      compare: [
        write([
          chatAnswerLine("a", JSON.stringify({ stars: 5, mood: "good" })),
          chatAnswerLine("b", JSON.stringify({ mood: "bad", stars: 2 })),
          failureLine("e", 500),
          chatAnswerLine("g", "no JSON"),
        ]),
      ],
    });
    onTestFinished(() => source.close());
    await source.whenRead;
    expect(source.summary().comparison).toEqual({
      files: [expect.stringMatching(/\.jsonl$/)],
      ...{ compared: 8, different: 2 },
      fields: [
        { path: "parsed.mood", compared: 2, agreed: 2 },
        { path: "parsed.stars", compared: 2, agreed: 1 },
      ],
    });
    expect(await idsOf(source, "differ=1")).toEqual(["b", "g"]);
    expect(await idsOf(source, "differ=1&outcome=usable")).toEqual(["b", "g"]);
    const columns = ["parsed.stars", "other.parsed.stars"];
    const page = await source.readPage({ from: 1, count: 1, filter: nothing, columns });
    expect(page.rows[0]?.cells).toEqual(["1", "2"]);
    expect((await source.readDetail("g", nothing))?.other).toMatchObject({
      outcome: "problem",
      answer: { text: "no JSON" },
    });
  });

  test("shows the columns of the table that the requests were made of", async () => {
    const lines = ["id,guest", ...moodRequests.map((_, index) => `${"hgfedcba"[index]},Guest ${index}`)];
    const source = await ResultsSource.open({
      ...{ id: "1", requests: write(moodRequests), results: [write(moodResults)], mayStillCome: false },
      join: { table: write(`${lines.join("\n")}\n`, ".csv") },
    });
    onTestFinished(() => source.close());
    await source.whenRead;
    expect(source.summary().columns).toContain("table.guest");
    const page = await source.readPage({ from: 0, count: 2, filter: nothing, columns: ["table.guest"] });
    expect(page.rows.map(({ cells }) => cells)).toEqual([["Guest 7"], ["Guest 6"]]);
    expect((await source.readDetail("h", nothing))?.table).toEqual({ id: "h", guest: "Guest 0" });
  });

  test("says why a file cannot be read to its end, and shows what it holds all the same", async () => {
    const broken = writeFolder(folder, { "requests.jsonl": moodRequests });
    const source = await ResultsSource.open({
      id: "1",
      requests: join(broken, "requests.jsonl"),
      results: [write(moodRequests)],
      mayStillCome: false,
    });
    onTestFinished(() => source.close());
    await source.whenRead;
    expect(source.summary()).toMatchObject({
      state: "failed",
      failure: { message: expect.stringContaining("it is a batch file") },
    });
    expect(source.summary().total).toBe(8);
    appendFileSync(join(broken, "requests.jsonl"), "more\n");
    expect(await idsOf(source, "q=lovely")).toEqual(["a", "g"]);
  });
});
