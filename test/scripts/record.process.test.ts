import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withoutSecrets } from "../../scripts/recording-proxy.js";
import { JobStoppedError, submitBatchFile } from "../../src/job.js";
import { startBatchServer } from "../../src/testing.js";
import { replayRecording } from "../job/replay-recording.js";
import { temporaryFolder } from "../temporary-folder.js";

const folder = temporaryFolder();
const key = "a-key-without-any-shape";

test("six batches are recorded without the key, and what was recorded can be replayed", async () => {
  await using server = await startBatchServer({
    rehearse: { faults: ["refusal:refusal-1", "400:too-long-2"], delayMs: 50 },
  });
  const to = join(folder, "recordings");
  const printed = await record(server.baseURL, to);
  const names = ["success", "bad-model", "too-long", "refusal", "schema", "cancel"];
  expect(
    printed
      .trim()
      .split("\n")
      .map((line) => line.split(":")[0]),
  ).toEqual(names);
  expect(readdirSync(to).sort()).toEqual(names.map((name) => `${name}.jsonl`).sort());
  for (const name of names) {
    const recorded = readFileSync(join(to, `${name}.jsonl`), "utf8");
    expect(recorded).not.toContain(key);
    for (const line of recorded.trim().split("\n"))
      expect(Object.keys(JSON.parse(line))).toEqual(
        "method url request_body status content_type response_body".split(" "),
      );
  }
  const origin = new URL(server.baseURL).origin;
  for (const [name, succeeded] of [
    ["success", 2],
    ["too-long", 1],
    ["schema", 2],
  ] as const) {
    await using service = await replayRecording(join(to, `${name}.jsonl`), origin);
    const summary = await replay(name, service);
    expect([name, summary.succeeded, summary.failed]).toEqual([name, succeeded, 2 - succeeded]);
  }
});

async function record(baseURL: string, to: string): Promise<string> {
  const args = ["--base-url", baseURL, "--model", "gpt-4o-mini", "--to", to, "--poll", "0.05"];
  const child = spawn(
    process.execPath,
    [
      "--import",
      "tsx",
      "scripts/record.ts",
      ...args,
      "--context-tokens",
      "20",
      "--api-key-env",
      "RECORDED_KEY",
    ],
    { env: { ...process.env, RECORDED_KEY: key }, stdio: ["ignore", "pipe", "inherit"] },
  );
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => {
    printed += chunk;
  });
  await once(child, "close");
  return printed;
}

/** The same requests, as they were uploaded. */
async function replay(name: string, { exchanges, baseURL }: Awaited<ReturnType<typeof replayRecording>>) {
  const upload = exchanges.find(({ method, url }) => method === "POST" && url.endsWith("/v1/files"));
  const lines = upload?.request_body.split(/\r?\n/).filter((line) => line.startsWith('{"custom_id"')) ?? [];
  const file = join(folder, `${name}.jsonl`);
  writeFileSync(file, `${lines.join("\n")}\n`);
  try {
    return await submitBatchFile(file, { baseURL, apiKey: "another", rounds: 0, pollSeconds: 0.02 });
  } catch (error) {
    if (error instanceof JobStoppedError) return error.summary;
    throw error;
  }
}

test.each([
  ["the key itself, also as JSON writes it", JSON.stringify({ said: 'The key a"key is wrong.' }), ['a"key']],
  ["keys of other accounts", '{"error":"Incorrect API key provided: sk-proj-AbC_123456789."}', []],
  ["keys of others", '{"key":"gsk_abcdefgh12345678"}', []],
  ["accounts", '{"organization":"org-AbCdEf123456","project":"proj_AbCdEf123456"}', []],
  ["people", '{"owner":"jane.doe+x@mail.example.com"}', []],
])("a recording is without %s", (_name, text, secrets) => {
  const kept = withoutSecrets(text, secrets);
  for (const secret of ['a\\"key', "AbC_1234", "abcdefgh", "AbCdEf", "jane.doe"])
    expect(kept).not.toContain(secret);
  expect(kept).toMatch(/REMOVED|someone@example\.org/);
});

test("ids of files and batches, and of people's requests, stay as they are", () => {
  const text =
    '{"id":"file-AbCdEf123456","batch":"batch_0123456789","custom_id":"user","model":"gpt-4o-mini"}';
  expect(withoutSecrets(text, [""])).toBe(text);
});
