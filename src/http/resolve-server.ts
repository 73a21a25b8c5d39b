import { OpenbatchError } from "../errors/index.js";
import { BaseURL } from "./base-url.js";

export interface ResolveServerOptions {
  /** As the SDK takes it, with the version. By default `OPENAI_BASE_URL` of the environment. */
  readonly baseURL?: string | undefined;
  readonly apiKey?: string | undefined;
  /** The name of the environment variable that holds the key. */
  readonly apiKeyEnv?: string | undefined;
  /** By default `process.env`. */
  readonly environment?: NodeJS.ProcessEnv | undefined;
  /** For hints: what was typed, as `openbatch run FILE`, and what could be typed where there is no server. */
  readonly command: string;
  readonly commandWithoutServer: string;
  /** A server that it may be, where nothing tells which one is meant. */
  readonly exampleURL: string;
}

/** Where requests go, and the key that goes with them. */
export interface Server {
  readonly baseURL: string;
  readonly apiKey: string | undefined;
}

const openaiOrigin = "https://api.openai.com";

/**
 * Finds the server and its key. `OPENAI_API_KEY` is meant for OpenAI: it goes nowhere else, but to a base URL that the
 * environment names too. OpenAI itself is used only where it is named.
 * @throws OpenbatchError `base_url_missing`, `api_key_missing`, `invalid_option`.
 */
export function resolveServer(options: ResolveServerOptions): Server {
  const environment = options.environment ?? process.env;
  const environmentURL = nonEmpty(environment.OPENAI_BASE_URL);
  const named = options.baseURL ?? environmentURL;
  if (named === undefined) throw baseURLMissing(options, nonEmpty(environment.OPENAI_API_KEY) !== undefined);
  const baseURL = BaseURL.parse(named);
  const isFromEnvironment = environmentURL !== undefined && named.trim() === environmentURL;
  const apiKey = findKey(options, environment, isFromEnvironment || isOpenai(baseURL));
  if (apiKey === undefined && isOpenai(baseURL)) throw openaiKeyMissing(options);
  return { baseURL: named.trim(), apiKey };
}

/** Also where it keeps data in a region, as `https://eu.api.openai.com`. */
function isOpenai({ origin }: BaseURL): boolean {
  return /^https:\/\/(?:[a-z]{2}\.)?api\.openai\.com$/.test(origin.origin);
}

function findKey(
  { apiKey, apiKeyEnv }: ResolveServerOptions,
  environment: NodeJS.ProcessEnv,
  isKeyForIt: boolean,
): string | undefined {
  if (apiKey !== undefined && apiKeyEnv !== undefined) {
    throw new OpenbatchError(
      "invalid_option",
      "A key was given, and the name of a variable that holds one.",
      {
        hint: "Give one of apiKey and apiKeyEnv.",
      },
    );
  }
  if (apiKey !== undefined) return nonEmpty(apiKey);
  if (apiKeyEnv === undefined) return isKeyForIt ? nonEmpty(environment.OPENAI_API_KEY) : undefined;
  const key = nonEmpty(environment[apiKeyEnv]);
  if (key === undefined) throw variableMissing(apiKeyEnv);
  return key;
}

function nonEmpty(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === "" ? undefined : trimmed;
}

function baseURLMissing(
  { command, commandWithoutServer, exampleURL }: ResolveServerOptions,
  hasOpenaiKey: boolean,
): OpenbatchError {
  const example = hasOpenaiKey ? `${openaiOrigin}/v1` : exampleURL;
  return new OpenbatchError("base_url_missing", "There is no base URL: nothing says which server to use.", {
    hint:
      `Name it with its version: baseURL (${command} --base-url ${example}), or set OPENAI_BASE_URL. ` +
      `Without a server: ${commandWithoutServer}.`,
  });
}

function openaiKeyMissing({ command }: ResolveServerOptions): OpenbatchError {
  return new OpenbatchError("api_key_missing", "OpenAI needs a key, and OPENAI_API_KEY is not set.", {
    hint: `Set it, or name the variable that holds it: apiKeyEnv (${command} --base-url ${openaiOrigin}/v1 --api-key-env NAME).`,
  });
}

function variableMissing(name: string): OpenbatchError {
  // Whoever writes the key itself in place of a name must not find it in a log.
  if (isLikeName(name))
    return new OpenbatchError("api_key_missing", `The environment variable ${name} is not set.`, {
      hint: "Set it to the key, or name the variable that holds it: apiKeyEnv (--api-key-env NAME).",
    });
  return new OpenbatchError(
    "api_key_missing",
    "apiKeyEnv (--api-key-env) is not the name of a variable that is set.",
    {
      hint: "Give the name of the variable that holds the key, not the key: apiKeyEnv (--api-key-env NAME).",
    },
  );
}

/** Names have one case, and words of usual length; keys mix letters with digits, or are one long word. */
function isLikeName(text: string): boolean {
  return /^(?:[A-Z_][A-Z\d_]*|[a-z_]+)$/.test(text) && text.split("_").every((word) => word.length <= 20);
}
