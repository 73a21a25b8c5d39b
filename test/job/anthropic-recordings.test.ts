import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openJob, submitBatchFile } from "../../src/job/index.js";
import { openResults } from "../../src/results/index.js";
import { temporaryFolder } from "../temporary-folder.js";
import { replayRecording } from "./replay-recording.js";

const folder = join(
  process.env.OPENBATCH_REAL_DATA ?? join(import.meta.dirname, "../../../shared/data"),
  "recordings",
);
const isHere = existsSync(folder);
const apiKey = "sk-ant-recorded";

describe.runIf(isHere)("a recorded life of a Message Batch", () => {
  it.each(["anthropic_claude-haiku-4-5", "anthropic_claude-haiku-4-5-reload"])(
    "%s is sent again byte for byte, and ends with the recorded results",
    async (name) => {
      await using service = await replayRecording(join(folder, `${name}.jsonl`), "https://api.anthropic.com");
      const asked = service.exchanges[0]?.request_body ?? "";
      const { file, options } = writeRequests(asked, service.baseURL);
      const summary = await submitBatchFile(file, options);
      expect(summary).toMatchObject({ succeeded: summary.requests, failed: 0, left: 0 });
      const [created] = service.calls.filter(({ method }) => method === "POST");
      expect(created?.body).toBe(asked);
      expect(created?.headers).toMatchObject({ "x-api-key": apiKey, "anthropic-version": "2023-06-01" });
      expect(created?.headers.authorization).toBeUndefined();
      const recorded = service.exchanges.at(-1)?.response_body ?? "";
      for (const line of recorded.trim().split("\n")) {
        const { custom_id, result } = JSON.parse(line) as { custom_id: string; result: { message: unknown } };
        await using results = await openResults({ requests: file, results: options.output });
        const found = await results.get(custom_id);
        expect(found).toMatchObject({
          status: "succeeded",
          body: result.message,
          raw: { source: { line: expect.any(Number) } },
        });
        const { source } = (found?.status === "succeeded" ? found.raw : {}) as { source: Source };
        const kept = readFileSync(join(options.output, "..", source.file), "utf8");
        expect(kept.split("\n")[source.line - 1]).toBe(line);
      }
    },
  );

  it("anthropic_claude-haiku-4-5-cancel is cancelled as it was", async () => {
    const path = join(folder, "anthropic_claude-haiku-4-5-cancel.jsonl");
    await using service = await replayRecording(path, "https://api.anthropic.com");
    const { file, options } = writeRequests(service.exchanges[0]?.request_body ?? "", service.baseURL);
    await submitBatchFile(file, { ...options, wait: false });
    const { provider, baseURL, output } = options;
    const job = await openJob(file, { provider, baseURL, apiKey, output });
    expect(await job.cancel()).toEqual(["msgbatch_016z7nD8oj5sT4pMEcEnvJQQ"]);
    await job.close();
    expect(service.calls.at(-1)).toMatchObject({ method: "POST", body: "{}" });
  });
});

it.runIf(!isHere)("needs OPENBATCH_REAL_DATA to replay recorded lives", (context) => context.skip());

interface Source {
  readonly file: string;
  readonly line: number;
}

/** The requests of a create as a batch file. */
function writeRequests(body: string, baseURL: string) {
  const own = temporaryFolder();
  const file = join(own, "requests.jsonl");
  const requests = body
    .slice('{"requests":['.length, -"]}".length)
    .replaceAll('}},{"custom_id"', '}}\n{"custom_id"');
  writeFileSync(file, `${requests}\n`);
  const output = join(own, "requests.results.jsonl");
  return { file, options: { provider: "anthropic" as const, baseURL, apiKey, output, pollSeconds: 0.02 } };
}
