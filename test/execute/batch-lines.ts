import { readFileSync, writeFileSync } from "node:fs";

/** A request of a batch file that asks for little. */
export function requestOf(custom_id: string, body: Readonly<Record<string, unknown>> = {}) {
  const messages = [{ role: "user", content: `Say something about ${custom_id}.` }];
  return {
    custom_id,
    method: "POST",
    url: "/v1/chat/completions",
    body: { model: "gpt-4o-mini", messages, ...body },
  };
}

export function writeRequests(path: string, ids: readonly string[]): void {
  writeFileSync(path, toLines(ids.map((id) => requestOf(id))));
}

export function toLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join("");
}

export function idsOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `request-${index}`);
}

export function readLines(path: string): Record<string, unknown>[] {
  const text = readFileSync(path, "utf8");
  if (!text.endsWith("\n") && text !== "") throw new Error("The last line has no line feed.");
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

export function idsIn(path: string): unknown[] {
  return readLines(path).map(({ custom_id }) => custom_id);
}
