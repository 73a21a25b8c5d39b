import type { Command } from "commander";
import { collectValues } from "./option-values.js";
import { wrongUsage } from "./wrong-usage.js";

/** Which server, and the key for it. */
export interface KeyedServerFlags {
  readonly baseUrl?: string | undefined;
  readonly apiKeyEnv?: string | undefined;
}

/** Which server, and who asks. */
export interface ServerFlags extends KeyedServerFlags {
  readonly header?: readonly string[] | undefined;
}

export function addServerOptions(command: Command): Command {
  return addKeyedServerOptions(command).option(
    "--header <header>",
    '"Name: value" to send with every request (may be repeated)',
    collectValues,
  );
}

/** Without `--header`, for a command where a header is that of a table. */
export function addKeyedServerOptions(command: Command): Command {
  return command
    .option(
      "--base-url <url>",
      "the server, with its version: http://localhost:11434/v1 (default: OPENAI_BASE_URL)",
    )
    .option("--api-key-env <name>", "the environment variable that holds the key of the server");
}

export interface ServerFlagOptions {
  readonly baseURL?: string;
  readonly apiKeyEnv?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function toNamedServer({ baseUrl, apiKeyEnv, header }: ServerFlags): ServerFlagOptions {
  return {
    ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
    ...(apiKeyEnv === undefined ? {} : { apiKeyEnv }),
    ...(header === undefined ? {} : { headers: toHeaders(header) }),
  };
}

/** A value may be a secret: no message shows it. */
function toHeaders(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, name, value] = /^([^:\s]+):\s*(.*?)\s*$/s.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      throw wrongUsage("A --header is no header.", 'Write it as --header "Name: value".');
    }
    if (Object.keys(headers).some((known) => known.toLowerCase() === name.toLowerCase())) {
      throw wrongUsage(`The header ${JSON.stringify(name)} is given twice.`, "Give it once.");
    }
    headers[name] = value;
  }
  return headers;
}
