import type { Command } from "commander";
import type { UpstreamServer } from "../../serve.js";
import { collectNames } from "./option-values.js";
import { assertCompanion, wrongUsage } from "./wrong-usage.js";

/** The options of a command that answers callers: with which server, and as which model. */
export interface UpstreamFlags {
  readonly upstream?: string;
  readonly upstreamKeyEnv?: string;
  readonly model?: string;
  readonly models?: readonly string[];
  /** In seconds. */
  readonly timeout?: number;
}

export function addUpstreamOptions(command: Command): Command {
  return command
    .option(
      "--upstream <url>",
      "the server that answers the requests, with its version: http://localhost:8000/v1",
    )
    .option("--upstream-key-env <name>", "the environment variable that holds the key of that server")
    .option("-m, --model <name>", "send every request to this model, in place of its own")
    .option(
      "--models <names>",
      "the models there are, separated by commas; a batch for another one fails (default: any)",
      collectNames,
    );
}

export function toUpstream({ upstream, upstreamKeyEnv, timeout }: UpstreamFlags): {
  readonly upstream?: UpstreamServer;
} {
  assertCompanion(["--upstream-key-env", upstreamKeyEnv], ["--upstream", upstream]);
  assertCompanion(["--timeout", timeout], ["--upstream", upstream]);
  if (upstream === undefined) return {};
  return {
    upstream: {
      baseURL: upstream,
      ...(upstreamKeyEnv === undefined
        ? {}
        : { apiKey: readKey("--upstream-key-env", upstreamKeyEnv), keyName: upstreamKeyEnv }),
      ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
    },
  };
}

export function readKey(flag: string, name: string): string {
  const key = process.env[name]?.trim();
  if (key) return key;
  // Whoever writes the key itself in place of a name must not find it in a log.
  const isName = /^[A-Z_][A-Z0-9_]{0,63}$/.test(name);
  const message = isName
    ? `The environment variable ${name} is not set.`
    : `${flag} is no name of a variable.`;
  throw wrongUsage(message, `Give the name of the variable that holds the key, not the key: ${flag} NAME.`);
}
