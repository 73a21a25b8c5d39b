import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import OpenAI from "openai";
import { describe, expect, onTestFinished, test } from "vitest";
import { startLoopbackServer } from "../../execute/loopback-server.js";
import { chatLines } from "../../lines.js";
import { createBatch, download, runBatch, waitForEnd } from "../../serve/batches.js";
import { startServerProcess } from "../../serve/server-process.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { runCli } from "../run-cli.js";
import { startCli } from "../start-cli.js";

const folder = temporaryFolder();

/** Starts `openbatch serve` with text for people, and waits for its ready line. */
async function serve(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { child, said, says } = startCli(["serve", "--port", "0", ...args], { cwd: folder, env });
  await says("Stop it");
  return { child, said, baseURL: /http:\S+\/v1/.exec(said.out)?.[0] ?? "" };
}

describe("openbatch serve", () => {
  test("--verbose logs every request", async () => {
    const { child, said, baseURL } = await serve(["--rehearse", "--data", "state", "--verbose"]);
    await new OpenAI({ baseURL, apiKey: "none" }).batches.list();
    child.kill("SIGINT");
    await once(child, "exit");
    expect(said.error).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d GET \/v1\/batches 200 \d+ ms$/m);
  });

  test("says where it is and how to use it, runs batches, and ends with 130 at Ctrl-C", async () => {
    const { child, said, baseURL } = await serve(["--rehearse", "--data", "state"]);
    expect(said.out).toContain("in rehearsal: answers are made up");
    expect(said.out).toContain(`OPENAI_BASE_URL=${baseURL}`);
    const openai = new OpenAI({ baseURL, apiKey: "sk-secret-of-the-caller" });
    const batch = await runBatch(openai, chatLines(3));
    expect(batch.status).toBe("completed");
    await openai.batches.list({ limit: 1 }, { query: { limt: 1 } });
    await expect
      .poll(() => said.error)
      .toMatch(/ GET \/v1\/batches: unknown parameters are ignored: "limt" \(did you mean limit\?\)$/m);
    child.kill("SIGINT");
    await once(child, "exit");
    expect(child.exitCode).toBe(130);
    expect(said.error).not.toMatch(/ (?:GET|POST) .* 200 /);
    expect(said.error).toMatch(new RegExp(`^\\d\\d:\\d\\d:\\d\\d ${batch.id} is completed$`, "m"));
    expect(said.error).toMatch(/Stopped\.\n$/);
    expect(said.out + said.error).not.toMatch(/sk-secret|Say hello/);
    expect(existsSync(join(folder, "state", "batches", `${batch.id}.json`))).toBe(true);
  });

  test("writes one JSON object a line when it is asked to", async () => {
    const server = await startServerProcess(["--rehearse", "--data", join(folder, "json")]);
    await fetch(`${server.baseURL}/nothing?key=sk-secret`);
    await expect.poll(() => server.output()).toContain('"request"');
    await server.kill("SIGINT");
    const lines = server
      .output()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([
      {
        time: expect.any(String),
        kind: "ready",
        base_url: server.baseURL,
        page: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/_\/#token=[\w-]{43}$/),
        metrics: server.baseURL.replace("/v1", "/metrics"),
        data: join(folder, "json"),
        rehearsal: true,
        unfinished_batches: 0,
      },
      {
        time: expect.any(String),
        kind: "request",
        method: "GET",
        path: "/v1/nothing",
        status: 404,
        ms: expect.any(Number),
        code: "unknown_url",
      },
      { time: expect.any(String), kind: "stopped", data: join(folder, "json"), unfinished_batches: 0 },
    ]);
  });

  test("goes on when nobody reads what it writes any more", async () => {
    const server = await startServerProcess(["--rehearse", "--data", join(folder, "unread")]);
    server.child.stdout?.destroy();
    for (let count = 0; count < 3; count += 1) {
      expect((await fetch(`${server.baseURL}/models`)).status).toBe(200);
    }
    await server.kill("SIGINT");
    expect(server.child.exitCode).toBe(130);
  });

  test("takes the keys from the variables that are named, and shows none", async () => {
    const upstream = createServer((incoming, outgoing) => {
      keys.push(incoming.headers.authorization);
      outgoing.end('{"object":"chat.completion"}');
    });
    const keys: (string | undefined)[] = [];
    await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void upstream.close());
    const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`;
    const args = ["--upstream", url, "--upstream-key-env", "THEIR_KEY", "--api-key-env", "OUR_KEY"];
    const env = { THEIR_KEY: "sk-theirs", OUR_KEY: "sk-ours" };
    const { said, baseURL } = await serve([...args, "--data", "keys", "--timeout", "5"], env);
    expect(said.out).toContain('OPENAI_API_KEY="$OUR_KEY"');
    const ours = new OpenAI({ baseURL, apiKey: "sk-ours", maxRetries: 0 });
    await ours.chat.completions.create({ model: "m", messages: [] });
    const others = new OpenAI({ baseURL, apiKey: "sk-others", maxRetries: 0 });
    await expect(others.models.list()).rejects.toMatchObject({ status: 401 });
    expect(keys).toEqual(["Bearer sk-theirs"]);
    expect(said.out + said.error).not.toContain("sk-");
  });

  test.each([
    [[], "Nothing is given that answers the requests."],
    [["--rehearse", "--api-key-env", "NO_SUCH_VARIABLE"], "NO_SUCH_VARIABLE is not set"],
    [["--rehearse", "--api-key-env", "sk-proj-abc"], "--api-key-env is no name of a variable"],
    [["--upstream", "http://localhost:1/v1", "--fault", "429:1"], "--fault needs --rehearse"],
    [["--upstream", "http://localhost:1/v1", "--no-check-requests"], "--no-check-requests needs --rehearse"],
    [["--upstream", "localhost:11434"], "Write http://localhost:11434/v1: --base-url"],
    [["--upstream", "localhost:11434/v1"], "--upstream of openbatch serve"],
    [["--rehearse", "--port", "70000"], "from 0 to 65535"],
  ])("is refused with %j, and makes no folder", async (args, message) => {
    const { exit, error } = await runCli(["serve", "--data", "refused", ...args], { cwd: folder });
    expect(exit).toBe(2);
    expect(error.toLowerCase()).toContain(message.toLowerCase());
    expect(error).not.toContain("sk-proj");
    expect(existsSync(join(folder, "refused"))).toBe(false);
  });

  test("is refused on a port and on a folder that are taken", async () => {
    const { baseURL } = await serve(["--rehearse", "--data", "taken"]);
    const port = new URL(baseURL).port;
    const samePort = await runCli(["serve", "--rehearse", "--port", port, "--data", "other"], {
      cwd: folder,
    });
    expect(samePort).toMatchObject({
      exit: 2,
      error: expect.stringContaining("something else listens there"),
    });
    const sameFolder = await runCli(["serve", "--rehearse", "--port", "0", "--data", "taken"], {
      cwd: folder,
    });
    expect(sameFolder).toMatchObject({ exit: 2, error: expect.stringContaining("Another server uses") });
  });

  test("keeps its state in openbatch-data where nothing is said, for its owner alone", async () => {
    const { said, child } = await serve(["--rehearse"]);
    expect(said.out).toContain(join(folder, "openbatch-data"));
    expect(statSync(join(folder, "openbatch-data")).mode & 0o777).toBe(0o700);
    child.kill("SIGINT");
    await once(child, "exit");
  });

  test("waits at Ctrl-C for what is under way, and ends at once when it comes again", async () => {
    const upstream = await startLoopbackServer(() => ({ hang: true }));
    onTestFinished(() => upstream.close());
    const args = ["--upstream", upstream.baseURL, "--concurrency", "2", "--data", "twice"];
    const { child, said, baseURL } = await serve(args);
    const { id } = await createBatch(new OpenAI({ baseURL, apiKey: "any" }), chatLines(5));
    await expect.poll(() => upstream.inFlight).toBe(2);
    child.kill("SIGINT");
    await expect.poll(() => said.error).toContain("Ctrl-C again ends at once");
    expect(child.exitCode).toBeNull();
    child.kill("SIGINT");
    await once(child, "exit");
    expect(child.exitCode).toBe(130);
    expect(said.error).not.toContain("Stopped");
    const answering = await startLoopbackServer();
    onTestFinished(() => answering.close());
    const again = await serve(["--upstream", answering.baseURL, "--data", "twice"]);
    const openai = new OpenAI({ baseURL: again.baseURL, apiKey: "any" });
    const batch = await waitForEnd(openai, id);
    expect(batch).toMatchObject({ status: "completed", request_counts: { total: 5, completed: 5 } });
    expect(await download(openai, batch.output_file_id)).toHaveLength(5);
  });

  test("says what is left to go on with", async () => {
    const args = ["--rehearse", "--fault", "timeout:1", "--data", "left"];
    const { child, said, baseURL } = await serve(args);
    const openai = new OpenAI({ baseURL, apiKey: "any" });
    const { id } = await createBatch(openai, chatLines(2));
    await expect.poll(async () => (await openai.batches.retrieve(id)).status).toBe("in_progress");
    child.kill("SIGTERM");
    await once(child, "exit");
    expect(said.error).toContain("Stopped, with 1 unfinished batch in ");
    const again = await serve(args);
    expect(again.said.out).toContain(", with 1 unfinished batch\n");
  });
});
