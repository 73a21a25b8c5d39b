import type OpenAI from "openai";
import { toFile } from "openai";
import type { Batch } from "openai/resources/batches";
import { toLines } from "../lines.js";

export async function upload(
  openai: OpenAI,
  lines: readonly string[],
  name = "input.jsonl",
): Promise<string> {
  const file = await openai.files.create({
    file: await toFile(Buffer.from(toLines(lines)), name),
    purpose: "batch",
  });
  return file.id;
}

/** Uploads requests and makes a batch of them. */
export async function createBatch(
  openai: OpenAI,
  lines: readonly string[],
  parameters: Partial<OpenAI.BatchCreateParams> = {},
): Promise<Batch> {
  const input_file_id = await upload(openai, lines);
  return openai.batches.create({
    input_file_id,
    endpoint: "/v1/chat/completions",
    completion_window: "24h",
    ...parameters,
  });
}

const terminal: ReadonlySet<string> = new Set(["failed", "completed", "expired", "cancelled"]);

/** Polls a batch to its end; the less often the longer it takes, for a poll costs both sides milliseconds of the processor. */
export async function waitForEnd(openai: OpenAI, id: string): Promise<Batch> {
  const begun = performance.now();
  for (;;) {
    const batch = await openai.batches.retrieve(id);
    if (terminal.has(batch.status)) return batch;
    const pauseMs = Math.min(Math.max(5, (performance.now() - begun) / 20), 200);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

export async function runBatch(openai: OpenAI, lines: readonly string[]): Promise<Batch> {
  return waitForEnd(openai, (await createBatch(openai, lines)).id);
}

interface Line {
  readonly custom_id: string;
  readonly response: { readonly status_code: number; readonly body: Record<string, unknown> } | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** The lines of an output or error file; none where there is no file. */
export async function download(openai: OpenAI, id: string | null | undefined): Promise<Line[]> {
  if (!id) return [];
  const text = await (await openai.files.content(id)).text();
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

export function idsOf(lines: readonly Line[]): string[] {
  return lines.map(({ custom_id }) => custom_id).sort();
}
