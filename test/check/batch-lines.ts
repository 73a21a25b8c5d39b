import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ValidateBatchFileOptions,
  type ValidationReport,
  validateBatchFile,
} from "../../src/check/index.js";

/** A good line for chat, with what is to be different. */
export function chatLine(custom_id: string, changes: Readonly<Record<string, unknown>> = {}): string {
  const body = { model: "gpt-4o-mini", messages: [{ role: "user", content: "Hello" }], ...changes };
  return JSON.stringify({ custom_id, method: "POST", url: "/v1/chat/completions", body });
}

export function embeddingLine(
  custom_id: string,
  input: unknown = "Hello",
  model = "text-embedding-3-small",
): string {
  return JSON.stringify({ custom_id, method: "POST", url: "/v1/embeddings", body: { model, input } });
}

/** Good lines, each with its line end. */
export function chatLines(count: number): string {
  return Array.from({ length: count }, (_, index) => `${chatLine(`id-${index + 1}`)}\n`).join("");
}

/** Writes files into a folder, each under a name of its own, and checks them. */
export function createChecker(folder: string) {
  let number = 0;
  const write = (content: string | Buffer, ending = ".jsonl"): string => {
    number += 1;
    const path = join(folder, `file-${number}${ending}`);
    writeFileSync(path, content);
    return path;
  };
  const check = (content: string | Buffer, options?: ValidateBatchFileOptions): Promise<ValidationReport> =>
    validateBatchFile(write(content), options);
  return { write, check };
}

/** What a report says in few words: severity, code, and the lines that have it. */
export function outline({ findings }: ValidationReport): string[] {
  return findings.map(({ severity, code, lines }) => [severity, code, ...lines].join(" "));
}
