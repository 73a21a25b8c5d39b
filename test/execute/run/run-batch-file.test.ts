import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import {
  type LaneRequest,
  type RunBatchFileOptions,
  runBatchFile,
  settlePending,
} from "../../../src/execute/index.js";
import { openResults } from "../../../src/results/reader/open-results.js";
import {
  chatRequest,
  foreignLines,
  idsIn,
  readLines,
  requestIds,
  toLines,
  writeRequests,
} from "../../lines.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { answered, createLane } from "../simple-lane.js";

const folder = temporaryFolder();
let number = 0;

function paths() {
  number += 1;
  const at = (ending: string) => join(folder, `${number}${ending}.jsonl`);
  return { requests: at(""), output: at(".results"), errors: at(".errors") };
}

interface RunOptions extends Omit<RunBatchFileOptions, "lane"> {
  /** Gets the requests in the order in which they are sent. */
  readonly sent?: LaneRequest[];
  /** By default 200. */
  readonly statusOf?: (custom_id: string) => number;
}

function run({ sent = [], statusOf = () => 200, ...options }: RunOptions) {
  const lane = createLane(async (request) => {
    sent.push(request);
    await new Promise(setImmediate);
    const { custom_id = "" } = request;
    return answered({ object: "chat.completion", echo: custom_id }, statusOf(custom_id));
  });
  return runBatchFile({ ...options, lane });
}

function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => Promise.reject(new Error("It did not fail.")),
    (error: unknown) => error,
  );
}

describe("the results", () => {
  test.each<[string, (output: string) => void]>([
    ["deleted", (output) => rmSync(output)],
    [
      "replaced",
      (output) => {
        renameSync(output, `${output}.moved`);
        copyFileSync(`${output}.moved`, output);
      },
    ],
    ["cut", (output) => truncateSync(output, 100)],
    ["written over", (output) => writeFileSync(output, "x".repeat(statSync(output).size + 1))],
  ])("that are %s while a run writes them stop it, also after the last answer", async (_, harm) => {
    const { requests, output } = paths();
    writeRequests(requests, requestIds(50));
    let settled = 0;
    const { end } = await run({
      requests,
      output,
      onSettled: () => {
        settled += 1;
        if (settled === 50) harm(output);
      },
    });
    expect(end).toMatchObject({ kind: "stopped", cause: { code: "results_file_changed" } });
  });

  test("may be appended to by somebody else while a run writes them", async () => {
    const { requests, output } = paths();
    writeRequests(requests, requestIds(50));
    let isAppended = false;
    const { end } = await run({
      requests,
      output,
      onSettled: () => {
        if (!isAppended) appendFileSync(output, "\n");
        isAppended = true;
      },
    });
    expect(end).toEqual({ kind: "completed" });
  });

  test("are one line for each request, in the Batch API's own format, for their owner alone", async () => {
    const { requests, output } = paths();
    writeRequests(requests, requestIds(20));
    const { end, counts } = await run({ requests, output });
    expect(end).toEqual({ kind: "completed" });
    expect(counts).toMatchObject({
      requests: 20,
      selected: 20,
      succeeded: 20,
      failed: 0,
      pending: 0,
      attempts: 20,
    });
    expect(idsIn(output).sort()).toEqual(requestIds(20).sort());
    expect(readLines(output)[0]).toEqual({
      id: expect.stringMatching(/^batch_req_[0-9a-f]{32}$/),
      custom_id: "request-0",
      response: {
        status_code: 200,
        request_id: "req_1",
        body: { object: "chat.completion", echo: "request-0" },
      },
      error: null,
    });
    expect(statSync(output).mode & 0o777).toBe(0o600);
  });

  test("are in the file the moment they arrive", async () => {
    const { requests, output } = paths();
    writeRequests(requests, requestIds(100));
    const missing: string[] = [];
    await run({
      requests,
      output,
      onSettled: ({ custom_id }) => {
        if (!idsIn(output).includes(custom_id)) missing.push(custom_id);
      },
    });
    expect(missing).toEqual([]);
  });

  test("that fail go to a file of their own where one is named, made with the first of them", async () => {
    const { requests, output, errors } = paths();
    writeRequests(requests, requestIds(10));
    const statusOf = (id: string) => (id === "request-7" ? 400 : 200);
    await run({ requests, output, errors, statusOf, select: { limit: 5 } });
    expect(existsSync(errors)).toBe(false);
    const { counts } = await run({ requests, output, errors, statusOf });
    expect(counts).toMatchObject({ succeeded: 9, failed: 1, alreadyDone: 5 });
    expect(idsIn(errors)).toEqual(["request-7"]);
    expect(idsIn(output)).toHaveLength(9);
    const sent: LaneRequest[] = [];
    await run({ requests, output, errors, sent });
    expect(sent).toEqual([]);
  });

  test("hold an error where there was no answer", async () => {
    const { requests, output } = paths();
    writeRequests(requests, ["a"]);
    const error = { code: "request_timeout", message: "There was no answer." };
    const lane = createLane(async () => ({ kind: "unanswered", error, attempts: 3, ms: 9 }));
    const { counts } = await runBatchFile({ requests, output, lane });
    expect(counts).toMatchObject({ failed: 1, attempts: 3, retries: 2 });
    expect(readLines(output)).toEqual([{ id: expect.anything(), custom_id: "a", response: null, error }]);
  });

  test("of many megabytes are one line, and are not sent again", async () => {
    const { requests, output } = paths();
    writeRequests(requests, ["a", "b"]);
    const lane = createLane(async () => answered({ data: `${"x".repeat(9_000_000)}\u2028` }));
    await runBatchFile({ requests, output, lane });
    expect(readFileSync(output, "utf8")).not.toContain("\u2028");
    expect(readLines(output)).toHaveLength(2);
    const sent: LaneRequest[] = [];
    await run({ requests, output, sent });
    expect(sent).toEqual([]);
  });

  test("of a response that says itself that it failed are failures", async () => {
    const { requests, output } = paths();
    writeRequests(requests, ["a"]);
    const lane = () => createLane(async () => answered({ object: "response", status: "failed", output: [] }));
    expect((await runBatchFile({ requests, output, lane: lane() })).counts).toMatchObject({
      failed: 1,
      succeeded: 0,
    });
    expect((await runBatchFile({ requests, output, lane: lane() })).counts).toMatchObject({
      failed: 1,
      alreadyDone: 1,
    });
  });

  test("count the tokens of every endpoint in one shape", async () => {
    const { requests, output } = paths();
    writeRequests(requests, ["a", "b"]);
    const chat = {
      prompt_tokens: 5,
      completion_tokens: 3,
      total_tokens: 8,
      prompt_tokens_details: { cached_tokens: 2 },
    };
    const response = { input_tokens: 7, output_tokens: 1, output_tokens_details: { reasoning_tokens: 1 } };
    const lane = createLane(async ({ custom_id }) =>
      answered({ usage: custom_id === "a" ? chat : response }),
    );
    const { counts } = await runBatchFile({ requests, output, lane });
    expect(counts.usage).toEqual({
      input_tokens: 12,
      input_tokens_details: { cached_tokens: 2 },
      output_tokens: 4,
      output_tokens_details: { reasoning_tokens: 1 },
      total_tokens: 16,
    });
  });
});

describe("what is sent", () => {
  test("is the body as it stands in the line, whatever the order of the keys", async () => {
    const { requests, output } = paths();
    const bodies = [
      '{"seed": 12345678901234567890, "model":"m", "a":"}\\" ,{", "b":[{"c":1e400}]}',
      '{"model":"m","text":"\u2028 \\ud83d\\ude00 \\\\"}',
      "{}",
    ];
    const lines = [
      `{"body":${bodies[0]},"custom_id":"a","url":"/v1/responses","method":"POST"}`,
      ` {"custom_id" : "b" , "x":"\\"body\\":{}", "url":"/v1/score", "\\u0062ody" : ${bodies[1]} } `,
      `{"body":${bodies[2]},"custom_id":"c","url":"/rerank"}\r`,
    ];
    writeFileSync(requests, `\ufeff${lines.join("\n")}`);
    const sent: LaneRequest[] = [];
    await run({ requests, output, sent });
    expect(sent.map(({ url, body, model }) => ({ url, body: body.toString(), model }))).toEqual([
      { url: "/v1/responses", body: bodies[0], model: "m" },
      { url: "/v1/score", body: bodies[1], model: "m" },
      { url: "/rerank", body: bodies[2], model: undefined },
    ]);
  });

  test("has another model where one is given, and all else as it was", async () => {
    const { requests, output } = paths();
    writeFileSync(requests, toLines([chatRequest("a", { model: "gpt-4o-mini", seed: 7 })]));
    const sent: LaneRequest[] = [];
    await run({ requests, output, sent, model: "llama3.2" });
    expect(sent[0]?.model).toBe("llama3.2");
    expect(JSON.parse(`${sent[0]?.body}`)).toEqual(chatRequest("a", { model: "llama3.2", seed: 7 }).body);
  });

  test("has its numbers as they were written, where another model is given", async () => {
    const { requests, output } = paths();
    const toBody = (model: string): string => `{"seed":12345678901234567890,${model}"x":[1e400,1.0]}`;
    writeFileSync(
      requests,
      [toBody('"model":"gpt-4o-mini",'), toBody("")]
        .map((body, index) => `{"custom_id":"${index}","method":"POST","url":"/v1/responses","body":${body}}`)
        .join("\n"),
    );
    const sent: LaneRequest[] = [];
    await run({ requests, output, sent, model: "llama3.2" });
    expect(sent.map(({ body }) => body)).toEqual([
      toBody('"model":"llama3.2",'),
      '{"model":"llama3.2","seed":12345678901234567890,"x":[1e400,1.0]}',
    ]);
  });

  test("is estimated in tokens by its length and by what it may be answered with", async () => {
    const { requests, output } = paths();
    const image = `data:image/png;base64,${"A".repeat(400_000)}`;
    const content = [{ type: "image_url", image_url: { url: image } }];
    writeFileSync(
      requests,
      toLines([
        chatRequest("a", { max_completion_tokens: 500, n: 2 }),
        chatRequest("b", { messages: [{ role: "user", content: "x".repeat(4_000) }] }),
        chatRequest("c", { messages: [{ role: "user", content }] }),
      ]),
    );
    const sent: LaneRequest[] = [];
    await run({ requests, output, sent });
    const [limit = 0, long = 0, picture = 0] = sent.map(({ estimatedTokens }) => estimatedTokens);
    expect(limit).toBeGreaterThan(1_000);
    expect(limit).toBeLessThan(1_100);
    expect(long).toBeGreaterThan(1_000);
    expect(long).toBeLessThan(1_100);
    expect(picture).toBeLessThan(2_000);
  });

  test("comes from a compressed file too", async () => {
    const { requests, output } = paths();
    writeFileSync(requests, gzipSync(toLines(requestIds(50).map((id) => chatRequest(id)))));
    await run({ requests, output, select: { limit: 20 } });
    const { counts } = await run({ requests, output });
    expect(counts).toMatchObject({ succeeded: 50, alreadyDone: 20 });
    expect(idsIn(output)).toEqual(requestIds(50));
  });
});

describe("limit and sample", () => {
  test("take the first requests, and the same ones again are none", async () => {
    const { requests, output } = paths();
    writeFileSync(requests, `\n${toLines(requestIds(30).map((id) => chatRequest(id)))}\n`);
    const { counts } = await run({ requests, output, select: { limit: 10 } });
    expect(counts).toMatchObject({ requests: 30, selected: 10, succeeded: 10, pending: 0 });
    expect(idsIn(output)).toEqual(requestIds(10));
    const again = await run({ requests, output, select: { limit: 10 } });
    expect(again.counts).toMatchObject({ alreadyDone: 10, attempts: 0 });
  });

  test("take requests from all over the file, and the big run goes past them", async () => {
    const { requests, output } = paths();
    writeRequests(requests, requestIds(1_000));
    await run({ requests, output, select: { sample: 50 } });
    const sampled = idsIn(output);
    expect(new Set(sampled).size).toBe(50);
    for (const half of [requestIds(500), requestIds(1_000).slice(500)]) {
      expect(half.filter((id) => sampled.includes(id)).length).toBeGreaterThan(10);
    }
    const again = await run({ requests, output, select: { sample: 50 } });
    expect(again.counts).toMatchObject({ selected: 50, alreadyDone: 50, attempts: 0 });
    const rest = await run({ requests, output });
    expect(rest.counts).toMatchObject({ selected: 1_000, alreadyDone: 50, attempts: 950 });
  });

  test("of more than there are take all", async () => {
    const { requests, output } = paths();
    writeRequests(requests, requestIds(3));
    expect((await run({ requests, output, select: { sample: 9 } })).counts).toMatchObject({
      selected: 3,
      succeeded: 3,
    });
  });
});

describe("a batch file that cannot be sent", () => {
  const good = JSON.stringify(chatRequest("good"));
  const line = (change: Readonly<Record<string, unknown>>) =>
    JSON.stringify({ ...chatRequest("bad"), ...change });

  test.each([
    ["is no JSON", '{"custom_id":"bad",', "invalid_json_line"],
    ["is no object", "[1]", "invalid_json_line"],
    ["has no custom_id", line({ custom_id: undefined }), "invalid_custom_id"],
    ["has an empty custom_id", line({ custom_id: "" }), "invalid_custom_id"],
    ["has a number as custom_id", line({ custom_id: 7 }), "invalid_custom_id"],
    ["has the id of another", line({ custom_id: "good" }), "duplicate_custom_id"],
    ["has no url", line({ url: undefined }), "invalid_url"],
    ["has a whole address as url", line({ url: "https://example.com/v1/responses" }), "invalid_url"],
    ["has a url of another host", line({ url: "//example.com/v1" }), "invalid_url"],
    ["has no body", line({ body: undefined }), "invalid_type"],
    ["has an array as body", line({ body: [] }), "invalid_type"],
    ["asks for a stream", line({ body: { model: "m", stream: true } }), "streaming_unsupported"],
    ["is a result", '{"id":"x","custom_id":"bad","response":null,"error":{}}', "not_a_batch_file"],
  ])("because a line %s is refused before anything is sent", async (_, bad, code) => {
    const { requests, output } = paths();
    writeFileSync(requests, `${good}\n${bad}\n`);
    const sent: LaneRequest[] = [];
    const error = await failure(run({ requests, output, sent }));
    expect(error).toMatchObject({ code: "invalid_batch_file" });
    expect(`${error}`).toContain(`${requests}:2`);
    expect(`${error}`).toContain(`[${code}]`);
    expect(sent).toEqual([]);
    expect(existsSync(output)).toBe(false);
  });

  test("because of bytes that are not UTF-8 is refused", async () => {
    const { requests, output } = paths();
    const bytes = Buffer.from(`${line({ body: { input: "?" } })}\n`);
    bytes[bytes.indexOf("?")] = 0xff;
    writeFileSync(requests, bytes);
    expect(`${await failure(run({ requests, output }))}`).toContain("[invalid_utf8]");
  });

  test("lists lines with one fault as one, and counts all, without a word of their content", async () => {
    const { requests, output } = paths();
    const secret = "tell nobody";
    const faulty = toLines(Array(200).fill({ custom_id: "a", url: "/v1/x", body: secret }));
    writeFileSync(requests, `${good}\n${good}\n${faulty}${good}\n`);
    const error = `${await failure(run({ requests, output }))}`;
    expect(error).toContain(`202 lines must be mended first. Nothing was sent.
  ${requests}:2 "good": line 1 has this custom_id already. [duplicate_custom_id]
    and 1 more line: 203
  ${requests}:3 "a": body: expected an object, found a string of 11 characters. [invalid_type]
    and 199 more lines: 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, …`);
    expect(error).not.toContain(secret);
  });

  test("lists the first twenty faults, and counts the lines of others", async () => {
    const { requests, output } = paths();
    const names = Array.from({ length: 200 }, (_, index) => "x".repeat(1 + (index % 25)));
    const faulty = names.map((name) => `{"${name}":1,"${name}":1,"custom_id":"a"}\n`).join("");
    writeFileSync(requests, `${good}\n${faulty}`);
    const error = `${await failure(run({ requests, output }))}`;
    expect(error).toContain("200 lines must be mended");
    expect(error).toContain(`${requests}:21 `);
    expect(error).not.toContain(`${requests}:22 `);
    expect(error).toContain("\n  and 40 more");
  });

  test("lists one line where all have the same fault", async () => {
    const { requests, output } = paths();
    writeFileSync(requests, "id,text\n".repeat(1_200));
    const error = `${await failure(run({ requests, output }))}`;
    expect(error).toContain("all 1,200 lines have the same fault");
    expect(error).toContain(`\n  ${requests}:1: it is not JSON.`);
    expect(error).not.toContain(`${requests}:2`);
  });

  test.each([
    ["", ""],
    [", also with a broken line", '{"id":"batch_req_'],
  ])("is called results where it holds them%s", async (_, end) => {
    const { requests, output } = paths();
    const result = '{"id":"x","custom_id":"a","response":null,"error":{}}\n';
    writeFileSync(requests, `${result.repeat(30)}${end}`);
    const error = await failure(run({ requests, output }));
    expect(error).toMatchObject({
      code: "invalid_batch_file",
      message: `${requests} holds results, not requests. Nothing was sent.`,
      hint: expect.stringContaining(`openbatch results ${requests}`),
    });
  });

  test("because it holds nothing is refused", async () => {
    const { requests, output } = paths();
    writeFileSync(requests, "\n \r\n\n");
    expect(await failure(run({ requests, output }))).toMatchObject({ code: "empty_file" });
  });

  test("that is a folder, absent, or standard input is refused", async () => {
    const { output } = paths();
    expect(await failure(run({ requests: folder, output }))).toMatchObject({ code: "not_a_file" });
    expect(await failure(run({ requests: "-", output }))).toMatchObject({ code: "not_a_file" });
    const absent = join(folder, "absent.jsonl");
    expect(await failure(run({ requests: absent, output }))).toMatchObject({ code: "file_not_found" });
  });

  test("whose line is too long to be read is refused with the number of the line", async () => {
    const { requests, output } = paths();
    writeRequests(requests, requestIds(2));
    // Zero bytes that take no room on the disk.
    truncateSync(requests, 210_000_000);
    const error = await failure(run({ requests, output }));
    expect(error).toMatchObject({ code: "invalid_batch_file" });
    expect(String(error)).toMatch(
      /:3: it has 209,\d{3},\d{3} bytes, more than can be read\. \[line_too_long\]/,
    );
    expect(existsSync(output)).toBe(false);
  });

  test("that changes while it is sent stops the run, with its results intact", async () => {
    const { requests, output } = paths();
    writeRequests(requests, requestIds(3_000));
    const { size } = statSync(requests);
    let isChanged = false;
    const { end, counts } = await run({
      requests,
      output,
      onSettled: () => {
        if (isChanged) return;
        isChanged = true;
        writeFileSync(
          requests,
          toLines(
            requestIds(3_000)
              .reverse()
              .map((id) => chatRequest(id)),
          ),
        );
      },
    });
    expect(statSync(requests).size).toBe(size);
    expect(end).toMatchObject({ kind: "stopped", cause: { code: "batch_file_changed" } });
    expect(idsIn(output)).toHaveLength(counts.succeeded);
  });
});

describe("going on", () => {
  test("after a stop anywhere, and with the last line cut anywhere, ends as one clean run does", async () => {
    const property = fc.asyncProperty(
      fc.record({
        ids: fc.uniqueArray(fc.string({ minLength: 1, unit: "grapheme" }), { minLength: 1, maxLength: 12 }),
        limits: fc.array(fc.nat(12), { maxLength: 3 }),
        cuts: fc.array(fc.nat(400), { minLength: 3, maxLength: 3 }),
        failing: fc.nat(3),
      }),
      async ({ ids, limits, cuts, failing }) => {
        const { requests, output } = paths();
        writeRequests(requests, ids);
        const statusOf = (id: string) => (id.length % 4 === failing ? 422 : 200);
        for (const [index, limit] of limits.entries()) {
          await run({ requests, output, statusOf, select: { limit } });
          if (existsSync(output))
            truncateSync(output, Math.max(0, statSync(output).size - (cuts[index] ?? 0)));
        }
        const { end } = await run({ requests, output, statusOf });
        expect(end.kind).toBe("completed");
        expect(idsIn(output).sort()).toEqual([...ids].sort());
        for (const { custom_id, response } of readLines(output)) {
          expect(response).toMatchObject({
            status_code: statusOf(`${custom_id}`),
            body: { echo: custom_id },
          });
        }
      },
    );
    await fc.assert(property, { numRuns: 150 });
  });

  test("writes a line feed behind a last line that is whole", async () => {
    const { requests, output } = paths();
    writeRequests(requests, requestIds(3));
    await run({ requests, output, select: { limit: 2 } });
    truncateSync(output, statSync(output).size - 1);
    await run({ requests, output });
    expect(idsIn(output)).toEqual(requestIds(3));
  });

  test("takes results of a service for done, whatever its keys, but for those that were not executed", async () => {
    const { requests, output } = paths();
    writeRequests(requests, requestIds(4));
    writeFileSync(
      output,
      toLines([
        { response: { status_code: 200, body: {} }, custom_id: "request-0", id: "batch_1" },
        { custom_id: "request-1", response: null, error: { code: "batch_expired", message: "Late." } },
        { custom_id: "stranger", response: { status_code: 200, body: {} }, error: null },
      ]),
    );
    const before = readFileSync(output, "utf8");
    const { counts } = await run({ requests, output });
    expect(counts).toMatchObject({ succeeded: 4, failed: 0, alreadyDone: 1 });
    expect(readFileSync(output, "utf8").startsWith(before)).toBe(true);
  });

  test("knows each result of a long file, in whatever order they are", async () => {
    const { requests, output } = paths();
    const padding = "x".repeat(5_000);
    const ids = requestIds(600);
    writeFileSync(requests, toLines(ids.map((id) => chatRequest(id, { padding }))));
    await run({ requests, output });
    // 301 and 600 have no common divisor: each line is there once.
    const lines = readLines(output);
    writeFileSync(output, toLines(lines.map((_, index) => lines[(index * 301) % lines.length])));
    const sent: LaneRequest[] = [];
    const { counts } = await run({ requests, output, sent });
    expect(counts).toMatchObject({ succeeded: 600, alreadyDone: 600 });
    expect(sent).toEqual([]);
  });

  test("sends a request again whose line is zero bytes after a power cut", async () => {
    const { requests, output } = paths();
    writeRequests(requests, requestIds(3));
    await run({ requests, output });
    const bytes = readFileSync(output);
    bytes.fill(0, bytes.indexOf("\n") - 40, bytes.indexOf("\n"));
    writeFileSync(output, bytes);
    const { counts } = await run({ requests, output });
    expect(counts).toMatchObject({ succeeded: 3, alreadyDone: 2, attempts: 1 });
  });

  test.each([
    ["with CR LF", (text: string) => text.replaceAll("\n", "\r\n")],
    ["with its last line end taken away", (text: string) => text.replaceAll("\n", "\r\n").slice(0, -2)],
    ["emptied", () => ""],
  ])("reads results that an editor has saved with a byte order mark, %s", async (_, edit) => {
    const { requests, output } = paths();
    writeRequests(requests, requestIds(3));
    await run({ requests, output });
    const text = edit(readFileSync(output, "utf8"));
    writeFileSync(output, `\ufeff${text}`);
    writeRequests(requests, requestIds(5));
    const { counts } = await run({ requests, output });
    expect(counts).toMatchObject({ alreadyDone: text === "" ? 0 : 3, succeeded: 5 });
    await using results = await openResults({ requests, results: output });
    expect(results.counts).toMatchObject({ total: 5, succeeded: 5 });
  });

  test.each([
    ["a batch file", toLines([chatRequest("x")])],
    ["a text", "Dear diary\n"],
    ["a text without a line end", "Dear diary"],
    ["other JSON", '{"a":1}\n{"b":2}\n'],
  ])("refuses a file that is %s, and leaves it as it is", async (_, text) => {
    const { requests, output } = paths();
    writeRequests(requests, requestIds(3));
    writeFileSync(output, text);
    expect(await failure(run({ requests, output }))).toMatchObject({ code: "not_a_results_file" });
    expect(readFileSync(output, "utf8")).toBe(text);
  });

  test.each(foreignLines)("names a file of %s as that, and leaves it as it is", async (service, line) => {
    const { requests, output } = paths();
    writeRequests(requests, requestIds(3));
    writeFileSync(output, `${line}\n`);
    const error = await failure(run({ requests, output }));
    expect(error).toMatchObject({ code: "not_a_results_file" });
    expect(`${error}`).toContain(`holds lines of ${service}, in that service's own shape`);
    expect(readFileSync(output, "utf8")).toBe(`${line}\n`);
  });

  test("sees only the requests that were there at its start", async () => {
    const { requests, output } = paths();
    writeRequests(requests, requestIds(3));
    const onSettled = () =>
      appendFileSync(requests, `${JSON.stringify(chatRequest(`late-${Math.random()}`))}\n`);
    expect((await run({ requests, output, onSettled })).counts).toMatchObject({ requests: 3, succeeded: 3 });
    expect((await run({ requests, output })).counts).toMatchObject({
      requests: 6,
      alreadyDone: 3,
      succeeded: 6,
    });
  });
});

describe("the end", () => {
  test("comes with what was withheld pending, and with its cause", async () => {
    const { requests, output } = paths();
    writeRequests(requests, requestIds(6));
    const cause = await failure(run({ requests: join(folder, "absent.jsonl"), output }));
    const lane = createLane(async ({ custom_id }) => {
      if (custom_id === "request-2")
        return { kind: "withheld", cause: cause as never, isCutShort: false, attempts: 1, ms: 1 };
      return answered({});
    });
    const { end, counts } = await runBatchFile({ requests, output, lane });
    expect(end).toEqual({ kind: "stopped", cause });
    expect(counts).toMatchObject({ succeeded: 5, pending: 1 });
    expect((await run({ requests, output })).end).toEqual({ kind: "completed" });
  });

  test("goes past requests that are blocked", async () => {
    const { requests, output } = paths();
    writeFileSync(
      requests,
      toLines([chatRequest("a"), chatRequest("b", { model: "unknown" }), chatRequest("c")]),
    );
    const lane = createLane(async () => answered({}), { isBlocked: ({ model }) => model === "unknown" });
    const { counts } = await runBatchFile({ requests, output, lane });
    expect(counts).toMatchObject({ succeeded: 2, pending: 1 });
  });

  test("waits for what is in flight when the signal is aborted, and sends no more", async () => {
    const { requests, output } = paths();
    writeRequests(requests, requestIds(50));
    const controller = new AbortController();
    const sent: LaneRequest[] = [];
    const onSettled = () => controller.abort();
    const { end, counts } = await run({ requests, output, sent, signal: controller.signal, onSettled });
    expect(end).toEqual({ kind: "interrupted" });
    expect(sent.length).toBeLessThan(10);
    expect(counts.succeeded).toBe(sent.length);
    expect(idsIn(output)).toHaveLength(sent.length);
  });

  test("comes 30 seconds after the signal where what is in flight does not end", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const { requests, output } = paths();
      writeRequests(requests, requestIds(10));
      const controller = new AbortController();
      let sent = 0;
      const lane = createLane(() => {
        sent += 1;
        return new Promise(() => undefined);
      });
      let isEnded = false;
      const running = runBatchFile({ requests, output, lane, signal: controller.signal }).finally(() => {
        isEnded = true;
      });
      while (sent < 4) await new Promise(setImmediate);
      controller.abort();
      await vi.advanceTimersByTimeAsync(29_900);
      expect(isEnded).toBe(false);
      await vi.advanceTimersByTimeAsync(200);
      expect(await running).toMatchObject({
        end: { kind: "interrupted" },
        counts: { pending: 10 },
        cutShort: 4,
      });
    } finally {
      vi.useRealTimers();
    }
  });

  test("throws what a callback threw, once nothing is in flight", async () => {
    const { requests, output } = paths();
    writeRequests(requests, requestIds(20));
    const reason = new Error("a fault of the caller");
    const onSettled = () => {
      throw reason;
    };
    expect(await failure(run({ requests, output, onSettled }))).toBe(reason);
    expect(idsIn(output).length).toBeLessThan(20);
  });
});

describe("settlePending", () => {
  test("gives every request without a result an error, and no other", async () => {
    const { requests, output, errors } = paths();
    writeRequests(requests, requestIds(10));
    await run({ requests, output, errors, select: { limit: 4 } });
    const error = {
      code: "batch_expired",
      message: "This request could not be executed before the completion window expired.",
    };
    expect(await settlePending({ requests, output, errors, error })).toBe(6);
    expect(idsIn(output)).toEqual(requestIds(4));
    expect(readLines(errors)).toEqual(
      requestIds(10)
        .slice(4)
        .map((custom_id) => ({ id: expect.anything(), custom_id, response: null, error })),
    );
    expect(await settlePending({ requests, output, errors, error })).toBe(0);
  });
});
