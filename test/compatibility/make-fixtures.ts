// Writes files as this version of openbatch leaves them, with real processes, real kills and servers on this machine:
// npm run build && npx tsx test/compatibility/make-fixtures.ts test/compatibility/files-of-MONTH
// Made once for each form that files had: those of older versions stay, so that every later version goes on from them.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import OpenAI, { toFile } from "openai";
import { startBatchServer } from "../../src/testing.js";
import { type Reply, startLoopbackServer, toChatCompletion } from "../execute/loopback-server.js";

const to = resolve(process.argv[2] ?? "fixtures");
const main = resolve("dist/cli/main.js");
const runs = join(to, "runs");
const data = join(to, "openbatch-data");
// Where the server of the fixtures is said to be; whoever goes on puts the address of another in its place.
const fixtureURL = "http://127.0.0.1:8000/v1";

const city = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};
const ask = (custom_id: string, body: object = {}) => ({
  custom_id,
  method: "POST",
  url: "/v1/chat/completions",
  body: { model: "small", messages: [{ role: "user", content: `Where is ${custom_id}?` }], ...body },
});
const format = { type: "json_schema", json_schema: { name: "city", strict: true, schema: city } };
const chats = Array.from({ length: 10 }, (_, index) =>
  ask(`request-${index}`, index % 2 === 0 ? { response_format: format } : {}),
);

/** Answers every request; of those that are to fail, with an error. */
let failing: Readonly<Record<string, Reply>> = {};
let hangsFrom = Infinity;
let onRequest: (number: number) => void = () => {};
let received = 0;
await using server = await startLoopbackServer((request) => {
  received += 1;
  onRequest(received);
  if (received >= hangsFrom) return { hang: true };
  const id = /request-\d+/.exec(request.body)?.[0] ?? "";
  const isFormatted = request.body.includes("json_schema");
  return (
    failing[id] ?? { body: toChatCompletion(request, isFormatted ? `{"city":"Ulm"}` : "In Ulm."), afterMs: 5 }
  );
});

function start(folder: string, ...args: readonly string[]): ChildProcess {
  received = 0;
  const options = ["--concurrency", "2", ...args];
  return spawn(process.execPath, [main, "run", "requests.jsonl", ...options], {
    cwd: folder,
    stdio: "inherit",
  });
}

async function makeRun(
  name: string,
  make: (start: (...args: readonly string[]) => ChildProcess, folder: string) => Promise<void>,
): Promise<void> {
  const folder = join(runs, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "requests.jsonl"), toLines(chats));
  [failing, hangsFrom, onRequest] = [{}, Infinity, () => {}];
  await make((...args) => start(folder, ...args), folder);
  normaliseFolder(folder);
}

const real = ["--base-url", server.baseURL];
const failures = {
  "request-1": {
    status: 400,
    body: { error: { message: "No such place.", type: "invalid_request_error", code: "no_place" } },
  },
  "request-4": { status: 500, body: { error: { message: "Broken.", type: "server_error", code: null } } },
  "request-7": { status: 404, body: "not found" },
};

rmSync(to, { recursive: true, force: true });
await makeRun("finished", async (run) => void (await once(run(...real), "exit")));
await makeRun(
  "rehearsed",
  async (run) => void (await once(run("--rehearse", "--fault", "400:request-3"), "exit")),
);
await makeRun("failed", async (run) => {
  failing = failures;
  await once(run(...real, "--max-retries", "0"), "exit");
});
await makeRun("retried", async (run) => {
  failing = failures;
  await once(run(...real, "--max-retries", "0"), "exit");
  failing = { "request-7": failures["request-7"] };
  await once(run(...real, "--max-retries", "0", "--retry-failed"), "exit");
});
await makeRun("interrupted", async (run) => {
  const child = run(...real);
  onRequest = (number) => number === 5 && child.kill("SIGINT");
  await once(child, "exit");
});
await makeRun("killed", async (run, folder) => {
  hangsFrom = 6;
  const child = run(...real);
  const results = join(folder, "requests.results.jsonl");
  // The sixth and seventh are under way, and five are written.
  while (received < 7 || countLines(results) < 5) await new Promise((wait) => setTimeout(wait, 20));
  child.kill("SIGKILL");
  await once(child, "exit");
  // Where the machine goes down with the process, a line may be there in part.
  for (const path of [results, join(folder, "requests.results.run.jsonl")]) {
    truncateSync(path, readFileSync(path).length - 9);
  }
});
await makeServed();

async function makeServed(): Promise<void> {
  [failing, hangsFrom, onRequest, received] = [failures, Infinity, () => {}, 0];
  const upstream = { baseURL: server.baseURL };
  const trouble = { expireAfterRequests: 4 };
  const expiring = await startBatchServer({ data, upstream, trouble, concurrency: 2 });
  const expired = await submit(expiring.baseURL, chats.slice(0, 8));
  await waitForEnd(expiring.baseURL, expired, "expired");
  await expiring.close();
  received = 0;

  const child = spawn(
    process.execPath,
    [
      main,
      "serve",
      "--data",
      data,
      "--port",
      "0",
      "--json",
      "--upstream",
      server.baseURL,
      "--concurrency",
      "4",
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let output = "";
  for await (const text of child.stdout) {
    output += text;
    if (output.includes("base_url")) break;
  }
  const baseURL = /"base_url":"([^"]+)"/.exec(output)?.[1] ?? "";
  const completed = await submit(baseURL, chats);
  await waitForEnd(baseURL, completed, "completed");
  const failed = await submit(baseURL, [ask("twice"), ask("twice")]);
  await waitForEnd(baseURL, failed, "failed");
  hangsFrom = received + 4;
  const client = new OpenAI({ baseURL, apiKey: "any" });
  const halfDone = await submit(baseURL, chats);
  while (received < hangsFrom) await new Promise((wait) => setTimeout(wait, 20));
  const cancelled = await submit(baseURL, chats.slice(0, 3));
  await waitForEnd(baseURL, cancelled, "in_progress");
  await client.batches.cancel(cancelled);
  await waitForEnd(baseURL, cancelled, "cancelled");
  for (const [name, id] of Object.entries({ expired, completed, failed, cancelled, "half-done": halfDone })) {
    await download(client, name, id);
  }
  child.kill("SIGKILL");
  await once(child, "exit");
  normaliseFolder(data);
  for (const part of ["files", "batches", "downloads"])
    normaliseFolder(join(part === "downloads" ? to : data, part));
}

async function submit(baseURL: string, lines: readonly object[]): Promise<string> {
  const client = new OpenAI({ baseURL, apiKey: "any" });
  const file = await client.files.create({
    file: await toFile(Buffer.from(toLines(lines)), "requests.jsonl"),
    purpose: "batch",
  });
  const batch = await client.batches.create({
    input_file_id: file.id,
    endpoint: "/v1/chat/completions",
    completion_window: "24h",
    metadata: { made: "for later versions" },
  });
  return batch.id;
}

async function waitForEnd(baseURL: string, id: string, status: string): Promise<void> {
  const client = new OpenAI({ baseURL, apiKey: "any" });
  for (;;) {
    const batch = await client.batches.retrieve(id);
    if (batch.status === status) return;
    await new Promise((wait) => setTimeout(wait, 20));
  }
}

/** What whoever submitted the batch downloads. */
async function download(client: OpenAI, name: string, id: string): Promise<void> {
  const batch = await client.batches.retrieve(id);
  const folder = join(to, "downloads");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.batch.json`), `${JSON.stringify(batch, null, 2)}\n`);
  for (const [kind, file] of [
    ["output", batch.output_file_id],
    ["errors", batch.error_file_id],
  ] as const) {
    if (file)
      writeFileSync(join(folder, `${name}.${kind}.jsonl`), await (await client.files.content(file)).text());
  }
  if (name === "expired")
    copyFileSync(join(runs, "finished", "requests.jsonl"), join(folder, "requests.jsonl"));
}

/** Takes out what belongs to this machine, and to no other. */
function normaliseFolder(folder: string): void {
  for (const name of readdirSync(folder, { withFileTypes: true })) {
    if (!name.isFile()) continue;
    const path = join(folder, name.name);
    const text = readFileSync(path, "utf8").replaceAll(server.baseURL, fixtureURL);
    writeFileSync(path, name.name.endsWith(".lock") ? normaliseLock(text) : text);
  }
}

/** A number that no system gives to a process: this one is dead everywhere. */
function normaliseLock(text: string): string {
  return text
    .replaceAll(JSON.stringify(hostname()), JSON.stringify("fixture-host"))
    .replace(/"pid":\d+/, '"pid":99999999')
    .replace(/"process_start":"\d+"/, '"process_start":"1"');
}

function countLines(path: string): number {
  try {
    return readFileSync(path, "utf8").split("\n").length - 1;
  } catch {
    return 0;
  }
}

function toLines(values: readonly object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join("");
}
