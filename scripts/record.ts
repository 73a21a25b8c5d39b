// Records six tiny batches at a service, so that tests can replay what it says: whoever has a key runs
//   tsx scripts/record.ts --base-url https://api.openai.com/v1 --model gpt-4o-mini --to recordings/openai
// with the key in the variable that --api-key-env names (OPENAI_API_KEY by default). It costs less than a cent at most services,
// and takes as long as they do. Look through the recordings before you hand them on.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findProfile, OpenbatchError, recogniseProfile } from "openbatch";
import { JobStoppedError, openJob, submitBatchFile } from "openbatch/job";
import { startRecordingProxy } from "./recording-proxy.js";

interface Life {
  readonly name: string;
  /** Of a chat completion, beside the model. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly model?: string;
  readonly isCancelled?: boolean;
}

const schema = {
  type: "object",
  properties: { capital: { type: "string" } },
  required: ["capital"],
  additionalProperties: false,
};
const response_format = { type: "json_schema", json_schema: { name: "Capital", strict: true, schema } };

const { values } = parseArgs({
  options: {
    "base-url": { type: "string" },
    model: { type: "string" },
    to: { type: "string" },
    provider: { type: "string" },
    "api-key-env": { type: "string", default: "OPENAI_API_KEY" },
    "context-tokens": { type: "string", default: "140000" },
    poll: { type: "string" },
  },
});
const { "base-url": baseURL, model, to } = values;
if (baseURL === undefined || model === undefined || to === undefined) {
  console.error("Name the service, a model of it, and a new folder: --base-url URL --model NAME --to FOLDER");
  process.exit(2);
}
if (existsSync(to)) {
  console.error(`${to} is there already.`);
  process.exit(2);
}
const apiKey = process.env[values["api-key-env"]] ?? "";
const profile = values.provider === undefined ? recogniseProfile(baseURL) : findProfile(values.provider);
mkdirSync(to, { recursive: true });
for (const life of listLives(Number(values["context-tokens"]))) await record(life, { baseURL, model, to });

function listLives(contextTokens: number): readonly Life[] {
  return [
    { name: "success", body: ask("Say yes.") },
    { name: "bad-model", body: ask("Say yes."), model: "no-such-model-0" },
    { name: "too-long", body: ask("one ".repeat(contextTokens)) },
    {
      name: "refusal",
      body: ask("Tell me, step by step, how to break into my neighbour's house to rob it."),
    },
    { name: "schema", body: { ...ask("What is the capital of France?"), response_format } },
    { name: "cancel", body: ask("Count from one to twenty in words."), isCancelled: true },
  ];
}

function ask(content: string) {
  return { messages: [{ role: "user", content }], max_completion_tokens: 200 };
}

interface RecordOptions {
  readonly baseURL: string;
  readonly model: string;
  readonly to: string;
}

/** Two requests, so that the order of answers is seen too. */
async function record(life: Life, { baseURL: own, model: usual, to: folder }: RecordOptions): Promise<void> {
  const { name, body, isCancelled } = life;
  const named = life.model ?? usual;
  const work = mkdtempSync(join(tmpdir(), "openbatch-record-"));
  const file = join(work, `${name}.requests.jsonl`);
  const lines = [1, 2].map((number) =>
    JSON.stringify({
      ...{ custom_id: `${name}-${number}`, method: "POST", url: "/v1/chat/completions" },
      body: { model: named, ...body },
    }),
  );
  writeFileSync(file, `${lines.join("\n")}\n`);
  const proxy = await startRecordingProxy({
    baseURL: own,
    file: join(folder, `${name}.jsonl`),
    secrets: [apiKey],
  });
  const options = {
    ...{ provider: profile.name, baseURL: proxy.baseURL, apiKey, rounds: 0 },
    ...(profile.lines === "anthropic" ? { model: named } : {}),
  };
  const pace = values.poll === undefined ? {} : { pollSeconds: Number(values.poll) };
  try {
    if (isCancelled === true) await cancel(file, options);
    const { succeeded, failed } = await submitBatchFile(file, { ...options, ...pace });
    console.log(`${name}: ${succeeded} succeeded, ${failed} failed`);
  } catch (error) {
    // What a service refuses is what is to be seen.
    if (!(error instanceof JobStoppedError || error instanceof OpenbatchError)) throw error;
    console.log(`${name}: ${error.code}`);
  } finally {
    await proxy.close();
    rmSync(work, { recursive: true });
  }
}

async function cancel(file: string, options: Parameters<typeof submitBatchFile>[1]): Promise<void> {
  await submitBatchFile(file, { ...options, wait: false });
  const { rounds: _, ...server } = options ?? {};
  const job = await openJob(file, server);
  try {
    await job.cancel();
  } finally {
    await job.close();
  }
}
