import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { OpenbatchError } from "../../../src/errors/index.js";
import {
  type ExecuteBatchFileOptions,
  executeBatchFile,
  type RunEvent,
  RunStoppedError,
  readRunRecord,
} from "../../../src/execute.js";
import {
  chatRequest,
  embeddingLine,
  idsIn,
  readLines,
  requestIds,
  requestLine,
  toLines,
  writeRequests,
} from "../../lines.js";
import { temporaryFolder } from "../../temporary-folder.js";
import {
  type LoopbackServer,
  type Reply,
  startLoopbackServer,
  toChatCompletion,
} from "../loopback-server.js";

const root = temporaryFolder();
let number = 0;

/** A folder with a batch file of so many requests. */
function prepare(count = 10) {
  number += 1;
  const folder = join(root, `${number}`);
  mkdirSync(folder);
  const at = (name: string) => join(folder, name);
  writeRequests(at("requests.jsonl"), requestIds(count));
  return { folder, at, file: at("requests.jsonl"), output: at("requests.results.jsonl") };
}

let servers: LoopbackServer[] = [];

async function serve(respond?: Parameters<typeof startLoopbackServer>[0]): Promise<LoopbackServer> {
  const server = await startLoopbackServer(respond);
  servers.push(server);
  return server;
}

afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

async function failure(promise: Promise<unknown>): Promise<OpenbatchError> {
  const error = await promise.then(
    () => new Error("It did not fail."),
    (reason: unknown) => reason,
  );
  if (error instanceof OpenbatchError) return error;
  throw error;
}

const refused: Reply = { status: 400, body: { error: { message: "No.", type: "invalid_request_error" } } };
const isFailing = (text: string, ids: readonly string[]) => ids.some((id) => text.includes(`about ${id}.`));

describe("a run", () => {
  test("writes results, a record and a summary beside the batch file, and leaves no lock", async () => {
    const { folder, file, output } = prepare();
    const server = await serve(({ body }) => (isFailing(body, ["request-3"]) ? refused : undefined));
    const summary = await executeBatchFile(file, { baseURL: server.baseURL });
    expect(readdirSync(folder).sort()).toEqual([
      "requests.jsonl",
      "requests.results.jsonl",
      "requests.results.run.jsonl",
    ]);
    expect(summary).toMatchObject({
      batchFile: file,
      output,
      target: server.baseURL,
      isRehearsal: false,
      requests: 10,
      selected: 10,
      succeeded: 9,
      failed: 1,
      alreadyDone: 0,
      pending: 0,
      attempts: 10,
      retries: 0,
      mayBeSentTwice: 0,
      notes: [],
    });
    expect(idsIn(output).sort()).toEqual(requestIds(10));
    expect(`${summary}`).toContain("9 succeeded, 1 failed");
    expect(await readRunRecord(summary.record)).toMatchObject({
      runs: [{ state: "completed", target: server.baseURL, settled: 10, attempts: 10 }],
      settled: 10,
    });
  });

  test("again sends nothing and changes nothing", async () => {
    const { folder, file } = prepare();
    const server = await serve();
    await executeBatchFile(file, { baseURL: server.baseURL });
    const before = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
    const summary = await executeBatchFile(file, { baseURL: server.baseURL });
    expect(summary).toMatchObject({ succeeded: 10, alreadyDone: 10, attempts: 0 });
    expect(`${summary}`).toContain("nothing was sent");
    expect(server.requests).toHaveLength(10);
    expect(readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"))).toEqual(before);
  });

  test("tells how far the reading of a long file is", async () => {
    const { file } = prepare(1);
    const content = "x".repeat(500_000);
    writeFileSync(
      file,
      toLines(requestIds(8).map((id) => chatRequest(id, { messages: [{ role: "user", content }] }))),
    );
    const { size } = statSync(file);
    const events: RunEvent[] = [];
    await executeBatchFile(file, { rehearse: true, onEvent: (event) => events.push(event) });
    const reading = events.filter(({ kind }) => kind === "reading");
    expect(reading.length).toBeGreaterThan(1);
    expect(reading[0]).toMatchObject({ file, totalBytes: size });
  });

  test("tells of the results file by the name that it was given", async () => {
    const { folder, file } = prepare(3);
    const body = { object: "chat.completion", filler: "x".repeat(500_000) };
    const server = await serve(() => ({ body }));
    const output = join(folder, "link.jsonl");
    symlinkSync("elsewhere.jsonl", output);
    await executeBatchFile(file, { baseURL: server.baseURL, output });
    const read = new Set<string>();
    await executeBatchFile(file, {
      baseURL: server.baseURL,
      output,
      onEvent: (event) => event.kind === "reading" && read.add(event.file),
    });
    expect(read).toEqual(new Set([output]));
  });

  test("tells of each result, and of what it found at its start", async () => {
    const { file } = prepare();
    const server = await serve();
    const counts: number[] = [];
    const events: RunEvent[] = [];
    await executeBatchFile(file, { baseURL: server.baseURL, limit: 4 });
    await executeBatchFile(file, {
      baseURL: server.baseURL,
      onProgress: ({ succeeded }) => counts.push(succeeded),
      onEvent: (event) => events.push(event),
    });
    expect(counts).toEqual([5, 6, 7, 8, 9, 10]);
    expect(events[0]).toMatchObject({ kind: "start", counts: { alreadyDone: 4, pending: 6 }, notes: [] });
  });

  test("sends requests of several endpoints and models", async () => {
    const { file, output } = prepare();
    const server = await serve(({ path }) => ({ body: { path } }));
    writeFileSync(
      file,
      toLines([chatRequest("a"), embeddingLine("b", "x", "other"), requestLine("c", {}, "/v1/rerank")]),
    );
    await executeBatchFile(file, { baseURL: server.baseURL });
    expect(server.requests.map(({ path }) => path).sort()).toEqual([
      "/v1/chat/completions",
      "/v1/embeddings",
      "/v1/rerank",
    ]);
    expect(idsIn(output).sort()).toEqual(["a", "b", "c"]);
  });

  test("takes the server and its key from the environment", async () => {
    const { file } = prepare(1);
    const server = await serve();
    vi.stubEnv("OPENAI_BASE_URL", server.baseURL);
    vi.stubEnv("OPENAI_API_KEY", "sk-of-the-environment");
    await executeBatchFile(file);
    expect(server.requests[0]?.headers.authorization).toBe("Bearer sk-of-the-environment");
  });

  test("has no secret in any file", async () => {
    const { folder, file } = prepare();
    const server = await serve(({ body }) =>
      isFailing(body, ["request-1"])
        ? { status: 400, body: { error: { message: "The key sk-very-secret-key may not." } } }
        : undefined,
    );
    const headers = { "X-Gateway-Token": "gateway-secret-value" };
    const summary = await executeBatchFile(file, {
      baseURL: server.baseURL,
      apiKey: "sk-very-secret-key",
      headers,
    });
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: "Bearer sk-very-secret-key",
      "x-gateway-token": "gateway-secret-value",
    });
    const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
    for (const text of [...texts, `${summary}`, JSON.stringify(summary)]) {
      expect(text).not.toContain("sk-very-secret-key");
      expect(text).not.toContain("gateway-secret-value");
    }
  });

  test.each([0o000, 0o277])("makes files that only their owner reads, with the umask %s", async (mask) => {
    const { at, file, output } = prepare();
    const server = await serve();
    const umask = process.umask(mask);
    try {
      await executeBatchFile(file, { baseURL: server.baseURL, limit: 1 });
    } finally {
      process.umask(umask);
    }
    const modes = [output, at("requests.results.run.jsonl")].map((path) => statSync(path).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600]);
  });

  test("leaves the permissions that the owner has given its files since", async () => {
    const { file, output } = prepare();
    const server = await serve();
    await executeBatchFile(file, { baseURL: server.baseURL, limit: 1 });
    chmodSync(output, 0o640);
    await executeBatchFile(file, { baseURL: server.baseURL });
    expect(statSync(output).mode & 0o777).toBe(0o640);
  });

  test("makes the folder of its results", async () => {
    const { at, file } = prepare(2);
    const server = await serve();
    const output = at("new/folder/answers.jsonl");
    const { record } = await executeBatchFile(file, { baseURL: server.baseURL, output });
    expect(record).toBe(at("new/folder/answers.run.jsonl"));
    expect(idsIn(output)).toHaveLength(2);
  });

  test.each([
    ["requests.jsonl.gz", "requests.rehearsal.jsonl"],
    ["requests.ndjson", "requests.rehearsal.jsonl"],
    ["my.requests", "my.requests.rehearsal.jsonl"],
  ])("of %s writes %s", async (name, expected) => {
    const { at, folder, file } = prepare(2);
    writeFileSync(at(name), readFileSync(file));
    await executeBatchFile(at(name), { rehearse: true });
    expect(readdirSync(folder)).toContain(expected);
  });
});

test.skipIf(process.platform === "win32")("an output that is a folder or a pipe is refused", async () => {
  const { at, folder, file } = prepare(1);
  execFileSync("mkfifo", [at("pipe.jsonl")]);
  for (const output of [folder, at("pipe.jsonl"), "/dev/null"]) {
    expect((await failure(executeBatchFile(file, { rehearse: true, output }))).code).toBe("not_a_file");
  }
});

describe("two runs on one results file", () => {
  test("do not go together: the second is refused, and the first is not disturbed", async () => {
    const { at, file } = prepare();
    const server = await serve(() => ({ afterMs: 30 }));
    const first = executeBatchFile(file, { baseURL: server.baseURL });
    symlinkSync("requests.results.jsonl", at("other.jsonl"));
    const second = executeBatchFile(file, { baseURL: server.baseURL, output: at("other.jsonl") });
    expect((await failure(second)).code).toBe("run_in_progress");
    expect(await first).toMatchObject({ succeeded: 10 });
    expect(server.requests).toHaveLength(10);
  });
});

describe("options", () => {
  test.each<[string, object, string]>([
    ["an unknown one", { baseUrl: "http://localhost/v1" }, "Did you mean baseURL?"],
    ["no number as limit", { limit: "3" }, "--limit"],
    ["a limit of nothing", { limit: 0 }, "1 or more"],
    ["limit and sample", { limit: 3, sample: 3 }, "exclude each other"],
    ["a key and the name of one", { apiKey: "a", apiKeyEnv: "A" }, "exclude each other"],
    ["standard output as results file", { output: "-" }, "standard output"],
    ["a compressed results file", { output: "results.jsonl.gz" }, "not compressed"],
    ["headers that are no texts", { headers: { a: 1 } }, "--header"],
    ["a time limit beyond Node's timers", { timeoutMs: 2 ** 40 }, "--timeout"],
  ])("with %s are refused before anything is done", async (_, options, part) => {
    const { folder, file } = prepare(1);
    const error = await failure(executeBatchFile(file, { rehearse: true, ...options }));
    expect(error.code).toBe("invalid_option");
    expect(`${error.message} ${error.hint}`).toContain(part);
    expect(readdirSync(folder)).toEqual(["requests.jsonl"]);
  });

  test("that name no server are refused", async () => {
    vi.stubEnv("OPENAI_BASE_URL", undefined);
    const { file } = prepare(1);
    expect((await failure(executeBatchFile(file))).code).toBe("base_url_missing");
  });

  test("that name the batch file as the output are refused, whatever it is called", async () => {
    const { at, file } = prepare(1);
    symlinkSync("requests.jsonl", at("link.jsonl"));
    for (const output of [file, at("link.jsonl")]) {
      expect((await failure(executeBatchFile(file, { rehearse: true, output }))).code).toBe("invalid_option");
    }
  });
});

describe("results that are there", () => {
  async function begin(options: ExecuteBatchFileOptions = {}) {
    const prepared = prepare();
    const server = await serve();
    await executeBatchFile(prepared.file, { baseURL: server.baseURL, limit: 4, ...options });
    return { ...prepared, server, baseURL: server.baseURL };
  }

  test("are gone on with when requests were appended to the batch file", async () => {
    const { file, baseURL, server } = await begin();
    appendFileSync(file, toLines([chatRequest("late")]));
    expect(await executeBatchFile(file, { baseURL })).toMatchObject({
      requests: 11,
      alreadyDone: 4,
      succeeded: 11,
    });
    expect(server.requests).toHaveLength(11);
  });

  test.each<[string, (text: string) => string, RegExp]>([
    [
      "shorter",
      (text) => text.split("\n").slice(1).join("\n"),
      /: it had [\d,]+ bytes then, and has [\d,]+ now\.$/,
    ],
    [
      "other at the same length",
      (text) => text.replace("Say something", "Say whatever!"),
      /: it has [\d,]+ bytes, as it had then\.$/,
    ],
    [
      "other at its start",
      (text) => `${toLines([chatRequest("first")])}${text}`,
      /: it had [\d,]+ bytes then, and has [\d,]+ now\.$/,
    ],
  ])("are not those of a batch file that is %s, unless told so", async (_, change, difference) => {
    const { file, output, baseURL } = await begin();
    writeFileSync(file, change(readFileSync(file, "utf8")));
    const before = readFileSync(output, "utf8");
    const error = await failure(executeBatchFile(file, { baseURL }));
    expect(error.code).toBe("batch_file_changed");
    expect(error.message).toMatch(difference);
    expect(error.message).toMatch(
      / has other contents than at the run of 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC: /,
    );
    expect(error.hint).toContain("--force");
    expect(readFileSync(output, "utf8")).toBe(before);
    await executeBatchFile(file, { baseURL, force: true });
    await executeBatchFile(file, { baseURL });
    expect(idsIn(output)).toEqual(expect.arrayContaining(requestIds(10)));
  });

  test("are not those of another server or another model, unless told so", async () => {
    const { file, baseURL } = await begin();
    const other = await serve();
    const error = await failure(executeBatchFile(file, { baseURL: other.baseURL, model: "llama" }));
    expect(error.code).toBe("run_differs");
    expect(error.message).toContain(baseURL);
    expect(error.message).toContain(other.baseURL);
    expect(error.message).toContain('"llama"');
    expect(other.requests).toEqual([]);
    const options = { baseURL: other.baseURL, model: "llama" };
    expect(await executeBatchFile(file, { ...options, force: true, limit: 6 })).toMatchObject({
      alreadyDone: 4,
    });
    expect(await executeBatchFile(file, options)).toMatchObject({ succeeded: 10, alreadyDone: 6 });
    expect(new Set(other.requests.map(({ json }) => json.model))).toEqual(new Set(["llama"]));
  });

  test("do not exist yet after a run that found no server, so another may be named", async () => {
    const { file } = prepare();
    const error = await failure(executeBatchFile(file, { baseURL: "http://127.0.0.1:1/v1" }));
    expect(error).toBeInstanceOf(RunStoppedError);
    const { baseURL } = await serve();
    expect(await executeBatchFile(file, { baseURL })).toMatchObject({ succeeded: 10 });
  });

  test("count by their ids where the record is gone, and a word is said of it", async () => {
    const { at, file, baseURL } = await begin();
    rmSync(at("requests.results.run.jsonl"));
    const summary = await executeBatchFile(file, { baseURL });
    expect(summary).toMatchObject({ alreadyDone: 4, succeeded: 10 });
    expect(summary.notes).toEqual([expect.stringContaining("no record")]);
  });

  test("are refused without a record where none belongs to a request of the batch file", async () => {
    const { at, file, output, baseURL } = await begin();
    rmSync(at("requests.results.run.jsonl"));
    writeRequests(file, ["x", "y"]);
    expect((await failure(executeBatchFile(file, { baseURL }))).code).toBe("batch_file_changed");
    const summary = await executeBatchFile(file, { baseURL, force: true });
    expect(summary.notes).toContainEqual(expect.stringContaining("4 results"));
    expect(idsIn(output)).toHaveLength(6);
  });

  test("of one file collide, by whatever name it is called", async () => {
    const { at, file, folder } = prepare();
    symlinkSync(folder, join(root, `link-${number}`));
    symlinkSync("requests.results.jsonl", at("other.jsonl"));
    const first = await serve();
    await executeBatchFile(file, {
      baseURL: first.baseURL,
      output: join(root, `link-${number}`, "requests.results.jsonl"),
    });
    expect(await executeBatchFile(file, { baseURL: first.baseURL, output: at("other.jsonl") })).toMatchObject(
      {
        alreadyDone: 10,
      },
    );
    expect(readdirSync(folder)).not.toContain("other.run.jsonl");
  });

  test("of files whose names differ by .jsonl alone have records and locks of their own", async () => {
    const { at, file } = prepare(3);
    const server = await serve();
    const outputs = ["answers", "answers.jsonl"].map(at);
    const summaries = await Promise.all(
      outputs.map((output) => executeBatchFile(file, { baseURL: server.baseURL, output })),
    );
    expect(summaries.map(({ record }) => record)).toEqual([at("answers.run"), at("answers.run.jsonl")]);
    for (const { record, output } of summaries) {
      expect((await readRunRecord(record)).settled).toBe(3);
      expect(idsIn(output)).toHaveLength(3);
    }
  });

  test("of a file that has another name by a hard link are refused, for two runs could write it", async () => {
    const { at, file, output } = prepare(3);
    const server = await serve();
    await executeBatchFile(file, { baseURL: server.baseURL, limit: 1 });
    linkSync(output, at("other.jsonl"));
    const again = executeBatchFile(file, { baseURL: server.baseURL, output: at("other.jsonl") });
    await expect(again).rejects.toMatchObject({
      code: "invalid_option",
      message: expect.stringContaining("has 2 names (hard links)"),
    });
    expect(server.requests).toHaveLength(1);
  });

  test("of a rehearsal and real ones never come into one file", async () => {
    const { file, output, baseURL } = await begin();
    const intoReal = executeBatchFile(file, { rehearse: true, output, force: true });
    expect((await failure(intoReal)).code).toBe("rehearsal_mixed");
    const rehearsed = await executeBatchFile(file, { rehearse: true });
    const other = executeBatchFile(file, { rehearse: true, model: "other" });
    expect((await failure(other)).hint).toContain(`Remove ${rehearsed.output}`);
    expect(rehearsed).toMatchObject({ isRehearsal: true, target: "rehearsal", succeeded: 10 });
    const real = { baseURL, output: rehearsed.output, force: true };
    expect((await failure(executeBatchFile(file, real))).code).toBe("rehearsal_mixed");
    rmSync(rehearsed.record);
    expect((await failure(executeBatchFile(file, real))).code).toBe("rehearsal_mixed");
    expect(await executeBatchFile(file, { baseURL })).toMatchObject({ succeeded: 10, alreadyDone: 4 });
  });

  test("of a record that is something else are refused, and it is left as it is", async () => {
    const { at, file } = prepare(1);
    writeFileSync(at("requests.rehearsal.run.jsonl"), "Dear diary\n");
    expect((await failure(executeBatchFile(file, { rehearse: true }))).code).toBe("not_a_run_record");
    expect(readFileSync(at("requests.rehearsal.run.jsonl"), "utf8")).toBe("Dear diary\n");
  });
});

describe("retryFailed", () => {
  test("takes the failed lines out, sends these requests again, and leaves all others byte for byte", async () => {
    const { file, output } = prepare();
    let failing = ["request-1", "request-4", "request-8"];
    const server = await serve(({ body }) => (isFailing(body, failing) ? refused : undefined));
    const { baseURL } = server;
    await executeBatchFile(file, { baseURL });
    appendFileSync(
      output,
      '{"id":"x",  "custom_id":"stranger", "response":null, "error":{"code":"c","message":"m"}}\n',
    );
    const kept = readFileSync(output, "utf8")
      .split("\n")
      .filter((line) => !line.includes('"status_code":400'));
    failing = ["request-4"];
    expect(await executeBatchFile(file, { baseURL, retryFailed: true, limit: 8 })).toMatchObject({
      selected: 8,
      succeeded: 7,
      failed: 1,
      alreadyDone: 6,
      attempts: 2,
    });
    expect(server.requests).toHaveLength(12);
    const lines = readFileSync(output, "utf8").split("\n");
    expect(lines).toEqual(expect.arrayContaining(kept));
    expect(idsIn(output).sort()).toEqual([...requestIds(10), "stranger"]);
    expect(await executeBatchFile(file, { baseURL })).toMatchObject({ failed: 2, attempts: 0 });
    expect(statSync(output).mode & 0o777).toBe(0o600);
  });

  test("sends again what was answered with status 200 and an error", async () => {
    const { file, output } = prepare(4);
    let isMended = false;
    const server = await serve(() => (isMended ? undefined : { body: { error: { message: "oops" } } }));
    const options = { baseURL: server.baseURL };
    expect(await executeBatchFile(file, options)).toMatchObject({ succeeded: 0, failed: 4 });
    isMended = true;
    expect(await executeBatchFile(file, { ...options, retryFailed: true })).toMatchObject({
      succeeded: 4,
      failed: 0,
      alreadyDone: 0,
    });
    expect(idsIn(output)).toHaveLength(4);
  });

  test("removes what a run has left that was killed while it did so, and nothing else", async () => {
    const { at, folder, file } = prepare(2);
    const server = await serve(() => refused);
    await executeBatchFile(file, { baseURL: server.baseURL });
    const leftover = `requests.results.jsonl.${crypto.randomUUID()}.tmp`;
    for (const name of [leftover, "requests.results.jsonl.mine.tmp"]) writeFileSync(at(name), "");
    await executeBatchFile(file, { baseURL: server.baseURL, retryFailed: true });
    expect(readdirSync(folder)).toContain("requests.results.jsonl.mine.tmp");
    expect(readdirSync(folder)).not.toContain(leftover);
  });
});

test("retryProblems sends requests again whose answers are no use, and leaves failures and all others", async () => {
  const { file, output } = prepare(6);
  let isRefusing = true;
  const server = await serve((request) => {
    if (isFailing(request.body, ["request-5"])) return refused;
    if (!isRefusing || !isFailing(request.body, ["request-1", "request-4"])) return undefined;
    const text = JSON.stringify(toChatCompletion(request, "TEXT"));
    return { body: text.replace('"content":"TEXT","refusal":null', '"content":null,"refusal":"Never."') };
  });
  const { baseURL } = server;
  expect(await executeBatchFile(file, { baseURL, retryProblems: true })).toMatchObject({ succeeded: 5 });
  const kept = readFileSync(output, "utf8")
    .split("\n")
    .filter((line) => !line.includes("Never."));
  isRefusing = false;
  const before = readLines(output);
  const again = await executeBatchFile(file, { baseURL, retryProblems: true });
  expect(again).toMatchObject({ succeeded: 5, failed: 1, alreadyDone: 4, attempts: 2, warnings: [] });
  expect(readFileSync(output, "utf8").split("\n")).toEqual(expect.arrayContaining(kept));
  expect(idsIn(output).sort()).toEqual(requestIds(6));
  expect(readFileSync(output, "utf8")).not.toContain("Never.");
  const replaced = readLines(output.replace(".jsonl", ".replaced.jsonl"));
  expect(replaced).toEqual(before.filter((line) => JSON.stringify(line).includes("Never.")));
  expect(replaced).toHaveLength(2);
  expect(await executeBatchFile(file, { baseURL, retryProblems: true })).toMatchObject({ attempts: 0 });
});

describe("a run that ends early", () => {
  test("throws the cause with a summary, leaves requests pending, and the same call goes on", async () => {
    const { file, output } = prepare(40);
    let isMended = false;
    const server = await serve(({ number }) =>
      isMended || number <= 10
        ? undefined
        : { status: 401, body: { error: { message: "Bad key.", code: "invalid_api_key" } } },
    );
    const options = { baseURL: server.baseURL, concurrency: 2 };
    const error = await failure(executeBatchFile(file, options));
    expect(error).toBeInstanceOf(RunStoppedError);
    expect(error).toMatchObject({ code: "key_refused", summary: { succeeded: 10, failed: 0, pending: 30 } });
    expect(error.message).toContain(`10 of 40 requests have their result in ${output}; 30 are pending.`);
    expect(readLines(output)).toHaveLength(10);
    isMended = true;
    expect(await executeBatchFile(file, options)).toMatchObject({
      succeeded: 40,
      alreadyDone: 10,
      mayBeSentTwice: 0,
    });
    const { runs } = await readRunRecord(`${output.slice(0, -".jsonl".length)}.run.jsonl`);
    expect(runs.map(({ state, cause }) => ({ state, cause }))).toEqual([
      { state: "stopped", cause: "key_refused" },
      { state: "completed", cause: undefined },
    ]);
  });

  test("because what a gateway stands before is gone loses nothing, and fails nothing", async () => {
    const { file, output } = prepare(40);
    let isThere = true;
    const server = await serve(({ number }) => {
      if (number === 4) return refused;
      if (number > 10) isThere = false;
      return isThere ? undefined : { status: 502, body: "<html>Bad Gateway</html>" };
    });
    const options = { baseURL: server.baseURL, concurrency: 2, maxRetries: 0 };
    const error = await failure(executeBatchFile(file, options));
    expect(error).toBeInstanceOf(RunStoppedError);
    expect(error).toMatchObject({
      code: "server_unreachable",
      summary: { succeeded: 9, failed: 1, pending: 30 },
    });
    expect(error.message).toContain("away or full (status 502)");
    const statuses = readLines(output).map(
      ({ response }) => (response as { status_code: number }).status_code,
    );
    expect(statuses.sort()).toEqual([...Array(9).fill(200), 400]);
    await server.close();
    const mended = await startLoopbackServer(undefined, { port: Number(new URL(server.baseURL).port) });
    servers.push(mended);
    expect(await executeBatchFile(file, options)).toMatchObject({
      succeeded: 39,
      failed: 1,
      alreadyDone: 10,
      pending: 0,
      mayBeSentTwice: 0,
    });
    expect(mended.requests).toHaveLength(30);
  });

  test("because of its signal lets what is in flight end, and says interrupted", async () => {
    const { file, output } = prepare(40);
    const server = await serve(() => ({ afterMs: 20 }));
    const controller = new AbortController();
    const running = executeBatchFile(file, {
      baseURL: server.baseURL,
      concurrency: 5,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    const error = await failure(running);
    expect(error.code).toBe("interrupted");
    expect(idsIn(output)).toHaveLength(server.requests.length);
    expect(existsSync(output.replace("jsonl", "lock"))).toBe(false);
    const summary = await executeBatchFile(file, { baseURL: server.baseURL });
    expect(summary).toMatchObject({ succeeded: 40, mayBeSentTwice: 0 });
    expect(server.requests).toHaveLength(40);
  });

  test("because of its signal sends nothing again, and does not wait for what only waits", async () => {
    const { file } = prepare(40);
    let isMended = false;
    const server = await serve(() =>
      isMended ? undefined : { status: 429, headers: { "retry-after": "1" }, body: {} },
    );
    const controller = new AbortController();
    const running = executeBatchFile(file, {
      baseURL: server.baseURL,
      concurrency: 3,
      signal: controller.signal,
      onEvent: ({ kind }) => kind === "retry" && setImmediate(() => controller.abort()),
    });
    const error = await failure(running);
    expect(error).toMatchObject({ code: "interrupted", summary: { succeeded: 0, failed: 0, pending: 40 } });
    expect(server.requests.length).toBeLessThanOrEqual(3);
    isMended = true;
    const summary = await executeBatchFile(file, { baseURL: server.baseURL });
    expect(summary).toMatchObject({ succeeded: 40, mayBeSentTwice: 0 });
  });
});
