import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startBatchServer } from "../../../src/testing.js";
import { startLoopbackServer } from "../../execute/loopback-server.js";
import { chatRequest, idsIn, requestIds, toLines, writeRequests } from "../../lines.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { runCli } from "../run-cli.js";

const root = temporaryFolder();
let number = 0;

function prepare(count = 10) {
  number += 1;
  const cwd = join(root, `${number}`);
  mkdirSync(cwd);
  writeRequests(join(cwd, "requests.jsonl"), requestIds(count));
  return { cwd, file: join(cwd, "requests.jsonl"), output: join(cwd, "requests.results.jsonl") };
}

const env = { OPENAI_BASE_URL: "", OPENAI_API_KEY: "" };

describe("openbatch run", () => {
  test("sends every request, says how it went and what to do next", async () => {
    const { cwd, output } = prepare();
    await using server = await startLoopbackServer();
    const args = ["run", "requests.jsonl", "--base-url", server.baseURL, "--model", "llama3.2"];
    const { exit, out, error } = await runCli(args, { cwd, env });
    expect({ exit, error }).toEqual({ exit: 0, error: "" });
    expect(out).toMatch(/^requests\.jsonl: 10 requests, to http/);
    expect(out).toContain("10 succeeded, 0 failed\n");
    expect(out).toContain("results: requests.results.jsonl\n");
    expect(out).toContain("Next: openbatch results requests.jsonl\n");
    expect(idsIn(output).sort()).toEqual(requestIds(10));
    expect(new Set(server.requests.map(({ json }) => json.model))).toEqual(new Set(["llama3.2"]));
  });

  test("exits with 1 where requests failed, and says how to send them again", async () => {
    const { cwd } = prepare();
    await using server = await startLoopbackServer(({ body }) =>
      body.includes("request-4.")
        ? { status: 422, body: { error: { message: "No.", code: "too_long" } } }
        : undefined,
    );
    const args = ["run", "requests.jsonl", "--base-url", server.baseURL, "--header", "X-Team: secret team"];
    const { exit, out } = await runCli(args, { cwd, env });
    expect(exit).toBe(1);
    expect(out).toContain("9 succeeded, 1 failed\n    failures: 422 too_long 1\n");
    expect(out).toContain("Next: openbatch results requests.jsonl --failed\n");
    expect(out).toContain(
      `Next: openbatch run requests.jsonl --base-url ${server.baseURL} --header 'X-Team: VALUE' --retry-failed\n` +
        "      (with the header's own value in the place of VALUE)\n",
    );
    const again = await runCli([...args, "--retry-failed", "--json"], { cwd, env });
    expect(again.exit).toBe(1);
    expect(JSON.parse(again.out)).toMatchObject({
      batchFile: "requests.jsonl",
      output: "requests.results.jsonl",
      record: "requests.results.run.jsonl",
      succeeded: 9,
      failed: 1,
      failures: [{ statusCode: 422, code: "too_long", count: 1 }],
      alreadyDone: 9,
      attempts: 1,
      warnings: [],
    });
    expect(server.requests).toHaveLength(11);
    expect(server.requests[0]?.headers["x-team"]).toBe("secret team");
  });

  test("warns that results are asked for again which the record tells of and the file no longer has", async () => {
    const { cwd, output } = prepare();
    await using server = await startLoopbackServer();
    const args = ["run", "requests.jsonl", "--base-url", server.baseURL, "--json"];
    await runCli(args, { cwd, env });
    writeFileSync(output, "");
    const { exit, out, error } = await runCli(args, { cwd, env });
    const warning =
      "The record tells of 10 results, and 10 of them are no longer in requests.results.jsonl: what is not there is asked for again. Ctrl-C to stop.";
    expect({ exit, error }).toEqual({ exit: 0, error: `warning: ${warning}\n` });
    expect(JSON.parse(out)).toMatchObject({ attempts: 10, warnings: [warning] });
  });

  test("shows no value of the base URL's query, which may be a key, and writes none to the results", async () => {
    const { cwd, output } = prepare(2);
    await using server = await startLoopbackServer(({ path }) => ({
      status: 422,
      headers: { "x-request-id": path },
      body: { error: { message: `No: ${path}` } },
    }));
    const query = "?api-version=2024-10-21&api-key=secret%2Fof/mine";
    const args = ["run", "requests.jsonl", "--base-url", `${server.baseURL}${query}`];
    const { out, error } = await runCli(args, { cwd, env });
    expect(server.requests[0]?.path).toContain(query);
    expect(out).toContain(
      `--base-url '${server.baseURL}?api-version=2024-10-21&api-key=VALUE' --retry-failed`,
    );
    const json = await runCli([...args, "--json"], { cwd, env });
    expect(`${out}${error}${json.out}${json.error}${readFileSync(output, "utf8")}`).not.toMatch(
      /secret|mine/,
    );
  });

  test("rehearses with no server and no key, with what is to go wrong", async () => {
    const { cwd } = prepare();
    const args = [
      "run",
      "requests.jsonl",
      "--rehearse",
      "--fault",
      "400:request-3",
      "--fault",
      "refusal:request-4",
    ];
    const { exit, out } = await runCli(args, { cwd, env });
    expect(exit).toBe(1);
    expect(out).toContain("in rehearsal: every answer is made up");
    expect(out).toContain("9 succeeded, 1 failed");
    expect(out).toContain(
      "Next: openbatch results requests.jsonl --results requests.rehearsal.jsonl --failed\n" +
        "Next: openbatch run requests.jsonl --rehearse --retry-failed\n",
    );
    expect(existsSync(join(cwd, "requests.results.jsonl"))).toBe(false);
  });

  test("fails in rehearsal what no server takes, and answers what only OpenAI refuses", async () => {
    const { cwd, file } = prepare(1);
    const [line] = readFileSync(file, "utf8").split("\n");
    const { body, ...request } = JSON.parse(line ?? "");
    const write = (custom_id: string, more: object) =>
      JSON.stringify({ ...request, custom_id, body: { ...body, ...more } });
    writeFileSync(file, `${write("hot", { temperature: 2.5 })}\n${write("odd", { temperature: "1" })}\n`);
    const checked = await runCli(["run", "requests.jsonl", "--rehearse"], { cwd, env });
    expect(checked.exit).toBe(1);
    expect(checked.out).toContain("1 succeeded, 1 failed");
    expect(checked.out).toContain("failures: 400 invalid_type 1");
    const args = ["run", "requests.jsonl", "--rehearse", "--no-check-requests"];
    const first = await runCli([...args, "--fault", "400:hot:x1", "--output", "first.jsonl"], { cwd, env });
    expect(first.out).toContain("--output first.jsonl --rehearse --no-check-requests --retry-failed");
    const unchecked = await runCli([...args, "--output", "unchecked.jsonl"], { cwd, env });
    expect(unchecked.out).toContain("2 succeeded, 0 failed");
  });

  test("says of a fault for a custom_id that no request has that it hits nothing", async () => {
    const { cwd } = prepare(3);
    const faults = [
      "refusal:request-1",
      "slow:request-2:1:x1",
      "429:0",
      "400:request-9*",
      "refusal:nobody:x2",
    ];
    const args = [
      "run",
      "requests.jsonl",
      "--rehearse",
      "--json",
      ...faults.flatMap((fault) => ["--fault", fault]),
    ];
    const { out, error } = await runCli(args, { cwd, env });
    expect(error).toBe("warning: The fault refusal:nobody:x2 hits nothing: no request has that custom_id.\n");
    expect(JSON.parse(out).warnings).toHaveLength(1);
  });

  test("says that answers are made up where the server is in rehearsal", async () => {
    const { cwd } = prepare(3);
    await using server = await startBatchServer();
    const args = ["run", "requests.jsonl", "--base-url", server.baseURL];
    const { exit, error } = await runCli(args, { cwd, env });
    expect({ exit, error }).toEqual({
      exit: 0,
      error:
        "warning: These answers are made up: the server itself is in rehearsal, and no model was asked.\n",
    });
  });

  test("says that a results file is JSON Lines, whatever it is called", async () => {
    const { cwd } = prepare(1);
    const { error } = await runCli(["run", "requests.jsonl", "--rehearse", "-o", "a.csv"], { cwd, env });
    expect(error).toMatch(/^warning: a\.csv gets JSON Lines, .* --results a\.csv --to TABLE\n$/);
  });

  test.each([
    [
      "the model",
      404,
      { error: { message: "The model 'x' does not exist.", code: "model_not_found" } },
      "--model",
    ],
    ["the endpoint", 404, { detail: "Not Found" }, "--base-url"],
  ])("shows no command that would fail again where %s is unknown", async (_, status, body, flag) => {
    const { cwd } = prepare(4);
    await using server = await startLoopbackServer(() => ({ status, body }));
    const args = ["run", "requests.jsonl", "--base-url", server.baseURL];
    const { exit, error } = await runCli(args, { cwd, env });
    expect(exit).toBe(3);
    expect(error).toContain(flag);
    expect(error).not.toContain(`openbatch ${args.join(" ")}`);
    expect(JSON.parse((await runCli([...args, "--json"], { cwd, env })).out).next).toEqual([]);
  });

  test("shows no command with https where the server does not speak it", async () => {
    const { cwd } = prepare(4);
    await using server = await startLoopbackServer();
    const args = ["run", "requests.jsonl", "--base-url", server.baseURL.replace("http:", "https:")];
    const { exit, error } = await runCli(args, { cwd, env });
    expect(exit).toBe(3);
    expect(error).toContain("write http://");
    expect(error).not.toContain("openbatch run");
  });

  test("sends first a few, and then goes on", async () => {
    const { cwd, output } = prepare(30);
    await using server = await startLoopbackServer();
    const args = ["run", "requests.jsonl", "--base-url", server.baseURL];
    expect((await runCli([...args, "--limit", "3"], { cwd, env })).out).toContain("3 of 30 requests");
    await runCli([...args, "--sample", "5"], { cwd, env });
    const done = idsIn(output).length;
    const { exit, out, error } = await runCli(args, { cwd, env });
    expect(exit).toBe(0);
    expect(error).toContain(`Going on: ${done} requests of 30 have their result.`);
    expect(out).toContain(`30 succeeded, 0 failed (${done} of them before this run)`);
  });

  test.each([
    ["key_refused", 401, "invalid_api_key"],
    ["insufficient_quota", 429, "insufficient_quota"],
  ])(
    "exits with 3 for %s, with nothing written as failed, and goes on once that is mended",
    async (cause, status, code) => {
      const { cwd, output } = prepare(20);
      let isMended = false;
      await using server = await startLoopbackServer(() =>
        isMended ? undefined : { status, body: { error: { message: "No.", code } } },
      );
      const args = ["run", "requests.jsonl", "--base-url", server.baseURL];
      const { exit, out, error } = await runCli(args, { cwd, env });
      expect(exit).toBe(3);
      expect(out).toContain("0 succeeded, 0 failed, 20 pending");
      expect(error).toContain(`error[${cause}]`);
      expect(idsIn(output)).toEqual([]);
      isMended = true;
      expect(await runCli(args, { cwd, env })).toMatchObject({ exit: 0 });
      expect(idsIn(output).sort()).toEqual(requestIds(20).sort());
    },
  );

  test("exits with 3 where there is no server, and names the command that goes on", async () => {
    const { cwd } = prepare();
    const args = [
      "run",
      "requests.jsonl",
      "--base-url",
      "http://127.0.0.1:1/v1",
      "--limit",
      "4",
      "--timeout",
      "5",
    ];
    const { exit, out, error } = await runCli(args, { cwd, env });
    expect(exit).toBe(3);
    expect(out).toContain("0 succeeded, 0 failed, 4 pending");
    expect(error).toMatch(/^error\[server_unreachable\]: .*ECONNREFUSED/m);
    expect(error).toContain("0 of 4 requests have their result in requests.results.jsonl; 4 are pending.");
    expect(error).toContain(`openbatch ${args.join(" ")}\n`);
    expect(error.match(/server_unreachable/g)).toHaveLength(1);
    const json = JSON.parse((await runCli([...args, "--json"], { cwd, env })).out);
    expect(json).toMatchObject({ pending: 4, error: { code: "server_unreachable" } });
  });

  test.each<[string, readonly string[], string]>([
    ["no server", [], "base_url_missing"],
    [
      "a fault without a rehearsal",
      ["--base-url", "http://localhost/v1", "--fault", "429:0.1"],
      "--rehearse",
    ],
    [
      "unchecked requests without a rehearsal",
      ["--base-url", "http://localhost/v1", "--no-check-requests"],
      "--no-check-requests needs --rehearse",
    ],
    ["a fault that is none", ["--rehearse", "--fault", "flood"], "--fault"],
    ["a header that is none", ["--rehearse", "--header", "secret-value"], "--header"],
    ["a header given twice", ["--rehearse", "--header", "A: secret-value", "--header", "a: b"], "twice"],
    ["a time limit of nothing", ["--rehearse", "--timeout", "0"], "--timeout"],
    ["a limit of nothing", ["--rehearse", "--limit", "0"], "1 or more"],
    ["limit and sample", ["--rehearse", "--limit", "1", "--sample", "1"], "exclude each other"],
  ])("exits with 2 for %s", async (_, args, part) => {
    const { cwd } = prepare(1);
    const { exit, error } = await runCli(["run", "requests.jsonl", ...args], { cwd, env });
    expect(exit).toBe(2);
    expect(error).toContain(part);
    expect(error).not.toContain("secret-value");
  });

  test("exits with 2 for a batch file that cannot be sent, and for standard input", async () => {
    const { cwd, file } = prepare(2);
    writeFileSync(file, `${readFileSync(file, "utf8")}{"custom_id":"request-0"}\n`);
    const bad = await runCli(["run", "requests.jsonl", "--rehearse"], { cwd, env });
    expect(bad.exit).toBe(2);
    expect(bad.error).toContain('requests.jsonl:3 "request-0": url:');
    expect(bad.error).toContain("openbatch validate --for openbatch requests.jsonl");
    const input = await runCli(["run", "-", "--rehearse"], { cwd, env });
    expect(input).toMatchObject({ exit: 2, error: expect.stringContaining("save it to a file") });
  });

  test("exits with 2 for another server than before, and goes on with --force", async () => {
    const { cwd } = prepare();
    await using server = await startLoopbackServer();
    await using other = await startLoopbackServer();
    await runCli(["run", "requests.jsonl", "--base-url", server.baseURL, "--limit", "4"], { cwd, env });
    const args = ["run", "requests.jsonl", "--base-url", other.baseURL];
    const refused = await runCli(args, { cwd, env });
    expect(refused.exit).toBe(2);
    expect(refused.error).toContain("run_differs");
    expect(refused.error).toContain("--force");
    expect((await runCli([...args, "--force"], { cwd, env })).exit).toBe(0);
    expect(other.requests).toHaveLength(6);
  });

  test("reads a key from the variable that is named, and shows it to nobody", async () => {
    const { cwd, output } = prepare(3);
    await using server = await startLoopbackServer();
    const args = ["run", "requests.jsonl", "--base-url", server.baseURL, "--api-key-env", "MY_KEY", "--json"];
    const { exit, out, error } = await runCli(args, { cwd, env: { ...env, MY_KEY: "sk-shown-to-nobody" } });
    expect(exit).toBe(0);
    expect(server.requests[0]?.headers.authorization).toBe("Bearer sk-shown-to-nobody");
    const record = readFileSync(join(cwd, "requests.results.run.jsonl"), "utf8");
    expect([out, error, record, readFileSync(output, "utf8")].join()).not.toContain("shown-to-nobody");
  });
});

test.each([
  ["--requests-per-minute", "120", 10],
  ["--tokens-per-minute", "60000", 1000],
])("%s is kept to", async (flag, perMinute, tokens) => {
  const { cwd } = prepare(4);
  await using server = await startLoopbackServer((request) => ({
    body: {
      id: request.number,
      usage: { prompt_tokens: tokens - 5, completion_tokens: 5, total_tokens: tokens },
    },
  }));
  const body = { messages: [{ role: "user", content: "x".repeat(4 * tokens) }], max_completion_tokens: 5 };
  writeFileSync(join(cwd, "requests.jsonl"), toLines(requestIds(4).map((id) => chatRequest(id, body))));
  const args = ["run", "requests.jsonl", "--base-url", server.baseURL, flag, perMinute];
  const start = performance.now();
  expect(await runCli(args, { cwd, env })).toMatchObject({ exit: 0 });
  // No machine is too slow for it. A second's worth at once, and then as much in each second.
  const perSecond = flag === "--tokens-per-minute" ? 1 : 2;
  const least = ((4 - perSecond) / perSecond) * 1000;
  expect(performance.now() - start).toBeGreaterThan(least - 20);
});

test("a proxy of the usual variables takes what is sent, and NO_PROXY keeps it from it", async () => {
  const { cwd, output } = prepare(4);
  await using proxy = await startLoopbackServer();
  const variables = { ...env, HTTP_PROXY: new URL(proxy.baseURL).origin, NO_PROXY: "" };
  const args = ["run", "requests.jsonl", "--base-url", "http://llm.test/v1", "--timeout", "5"];
  expect(await runCli(args, { cwd, env: variables })).toMatchObject({ exit: 0 });
  expect(idsIn(output)).toHaveLength(4);
  expect(new Set(proxy.requests.map(({ path }) => path))).toEqual(
    new Set(["http://llm.test/v1/chat/completions"]),
  );
  const others = prepare(4);
  const without = { ...variables, NO_PROXY: "llm.test" };
  expect(await runCli(args, { cwd: others.cwd, env: without })).toMatchObject({ exit: 3 });
  expect(proxy.requests).toHaveLength(4);
});

test("the help names what a run takes, and its exit codes", async () => {
  const { exit, out } = await runCli(["run", "--help"]);
  expect(exit).toBe(0);
  for (const flag of [
    "--base-url",
    "--api-key-env",
    "--rehearse",
    "--fault",
    "--retry-failed",
    "--force",
    "--json",
  ]) {
    expect(out).toContain(flag);
  }
  expect(out).toContain("130 interrupted");
});

test("requests of mixed endpoints are sent as they are", async () => {
  const { cwd, file } = prepare();
  writeFileSync(
    file,
    toLines([
      chatRequest("a"),
      { ...chatRequest("b"), url: "/v1/completions", body: { prompt: "x", model: "m" } },
    ]),
  );
  const { exit } = await runCli(["run", "requests.jsonl", "--rehearse"], { cwd, env });
  expect(exit).toBe(0);
});
