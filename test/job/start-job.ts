import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import OpenAI from "openai";
import { type BatchServerTrouble, startBatchServer, type TestBatchServerOptions } from "../../src/testing.js";
import { temporaryFolder } from "../temporary-folder.js";

/** A folder with a batch file of chat requests `r1`, `r2` …, and a server for it. */
export async function startJob(
  requests: number,
  options: Omit<TestBatchServerOptions, "trouble"> & { trouble?: BatchServerTrouble | undefined } = {},
) {
  const folder = temporaryFolder();
  const file = join(folder, "requests.jsonl");
  writeFileSync(file, toLines(1, requests));
  const calls: string[] = [];
  let called: (() => void) | undefined;
  const server = await startBatchServer({
    ...options,
    onEvent: (event) => {
      if (event.kind !== "request") return;
      calls.push(`${event.method} ${event.path}`);
      called?.();
    },
  });
  const { baseURL, apiKey } = server;
  const openai = new OpenAI({ baseURL, apiKey });
  const toResults = (): { custom_id: string; response: unknown }[] =>
    readLines(join(folder, "requests.rehearsal.jsonl"));
  return {
    ...{ folder, file, server, openai, calls, toResults },
    job: join(folder, "requests.rehearsal.job"),
    onCall: (next: (() => void) | undefined) => {
      called = next;
    },
    own: { baseURL, apiKey, pollSeconds: 0.1 },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

export function toLines(first: number, last: number, model = "gpt-4o-mini"): string {
  let text = "";
  for (let number = first; number <= last; number += 1) {
    const body = { model, messages: [{ role: "user", content: `Say ${number}.` }] };
    text += `${JSON.stringify({ custom_id: `r${number}`, method: "POST", url: "/v1/chat/completions", body })}\n`;
  }
  return text;
}

function readLines<Line>(path: string): Line[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
}

export async function listBatches(openai: OpenAI) {
  return (await openai.batches.list()).data;
}
