import { once } from "node:events";
import { join } from "node:path";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { startCli } from "../../cli/start-cli.js";
import { startLoopbackServer } from "../../execute/loopback-server.js";
import { chatBody, chatLines } from "../../lines.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { createBatch, waitForEnd } from "../batches.js";
import { startServerProcess } from "../server-process.js";

const folder = temporaryFolder();

describe("a server that is told to end", () => {
  test("ends what is in flight, says that it is not ready, and begins nothing", async () => {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await using upstream = await startLoopbackServer(async () => {
      await released;
      return { body: chatBody("Hi.") };
    });
    const args = ["--upstream", upstream.baseURL, "--concurrency", "3", "--data", join(folder, "drained")];
    const server = await startServerProcess(args);
    const openai = new OpenAI({ baseURL: server.baseURL, apiKey: "any", maxRetries: 0 });
    const { id } = await createBatch(openai, chatLines(20));
    await expect.poll(() => upstream.inFlight).toBe(3);
    server.child.kill("SIGTERM");
    const readyz = server.baseURL.replace("/v1", "/readyz");
    await expect.poll(async () => (await fetch(readyz)).status).toBe(503);
    expect(await (await fetch(readyz)).json()).toEqual({ status: "draining" });
    expect((await openai.batches.retrieve(id)).status).toBe("in_progress");
    const refusal = await createBatch(openai, chatLines(1)).catch((error) => error);
    expect(refusal).toMatchObject({ status: 503 });
    expect(refusal.headers.get("retry-after")).toBe("5");
    release();
    await once(server.child, "exit");
    expect(server.child.exitCode).toBe(130);
    expect(upstream.requests).toHaveLength(3);
    const next = await startServerProcess(args);
    const batch = await waitForEnd(new OpenAI({ baseURL: next.baseURL, apiKey: "any" }), id);
    expect(batch.request_counts).toEqual({ total: 20, completed: 20, failed: 0 });
    expect(upstream.requests).toHaveLength(20);
  });

  test("ends at once when it is told again", async () => {
    await using upstream = await startLoopbackServer(() => ({ hang: true }));
    const args = ["--upstream", upstream.baseURL, "--data", join(folder, "ended")];
    const server = startCli(["serve", "--port", "0", ...args], { cwd: folder });
    await server.says("Stop it");
    const baseURL = /http:\S+\/v1/.exec(server.said.out)?.[0] ?? "";
    await createBatch(new OpenAI({ baseURL, apiKey: "any" }), chatLines(3));
    await expect.poll(() => upstream.inFlight).toBe(3);
    server.child.kill("SIGTERM");
    await server.says("Stopping; Ctrl-C again ends at once.");
    server.child.kill("SIGTERM");
    expect(await server.ended()).toMatchObject({
      exit: 130,
      error: expect.stringMatching(/Ended at once\. The same command goes on with what is not done\.\n$/),
    });
  });
});

/** Makes Node find no prom-client. */
const hidden = `data:text/javascript,${encodeURIComponent(`import { register } from "node:module";
register("data:text/javascript," + encodeURIComponent(\`export async function resolve(name, context, next) {
  if (name !== "prom-client") return next(name, context);
  throw Object.assign(new Error("It is not there."), { code: "ERR_MODULE_NOT_FOUND" });
}\`));`)}`;

describe("a server without prom-client", () => {
  const env = { NODE_OPTIONS: `--import "${hidden}"` };

  test("does all else, and says to whoever asks for metrics how it is installed", async () => {
    const args = ["serve", "--rehearse", "--port", "0", "--data", join(folder, "bare")];
    const server = startCli(args, { cwd: folder, env });
    await server.says("Stop it");
    const baseURL = /http:\S+\/v1/.exec(server.said.out)?.[0] ?? "";
    expect((await fetch(`${baseURL}/models`)).status).toBe(200);
    const answer = await fetch(baseURL.replace("/v1", "/metrics"));
    expect(answer.status).toBe(501);
    expect(await answer.json()).toMatchObject({
      error: { message: "Metrics need prom-client. Install it: npm install prom-client." },
    });
    server.child.kill("SIGTERM");
    expect((await server.ended()).exit).toBe(130);
  });

  test("is not started where it is to have a port for them", async () => {
    const args = ["serve", "--rehearse", "--port", "0", "--metrics", "0", "--data", join(folder, "none")];
    const { exit, error } = await startCli(args, { cwd: folder, env }).ended();
    expect(exit).toBe(2);
    expect(error).toContain("npm install prom-client");
  });
});
