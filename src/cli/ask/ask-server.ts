import { OpenbatchError } from "../../errors/index.js";
import { type ServerFlagOptions, toNamedServer } from "../frame/server-flags.js";
import { wrongUsage } from "../frame/wrong-usage.js";
import type { AskFlags } from "./ask-flags.js";
import { type SavedSettings, saveSettings, settingsFile } from "./settings-file.js";

/** Whom to ask: the command line says, or `openbatch.yaml`, or the environment. */
export interface AskServer {
  readonly model: string;
  /** `undefined` in a rehearsal. */
  readonly baseURL: string | undefined;
  /** Whether `openbatch.yaml` names the server, and not whoever runs the command. */
  readonly isFromFile: boolean;
  /** As `executeBatchFile` and `submitBatchFile` take it. */
  readonly options: ServerFlagOptions & { readonly apiKey?: string };
}

/** The model of a rehearsal of which nothing says another. */
const noModel = "no-model";

/** @throws OpenbatchError where nothing says whom to ask. */
export function toAskServer(flags: AskFlags, saved: SavedSettings): AskServer {
  const model = flags.model ?? saved.model;
  if (flags.rehearse) return { model: model ?? noModel, baseURL: undefined, isFromFile: false, options: {} };
  if (model === undefined)
    throw wrongUsage(
      "Nothing says which model to ask.",
      `Name it: --model NAME. --save keeps it in ${settingsFile}. Without any model: --rehearse.`,
    );
  const isFromFile = flags.baseUrl === undefined && saved.base_url !== undefined;
  const baseURL = flags.baseUrl ?? saved.base_url ?? (process.env.OPENAI_BASE_URL?.trim() || undefined);
  if (baseURL === undefined) throw noServer();
  const options = { ...toNamedServer({ apiKeyEnv: flags.apiKeyEnv }), baseURL };
  if (!isFromFile || flags.apiKeyEnv !== undefined) return { model, baseURL, isFromFile, options };
  assertNeedsNoKey(baseURL);
  // No key at all: by default that of the environment would go to servers that it is known to be for.
  return { model, baseURL, isFromFile, options: { ...options, apiKey: noKey } };
}

/** Is trimmed, and then none. */
const noKey = " ";

function noServer(): OpenbatchError {
  const example = process.env.OPENAI_API_KEY ? "https://api.openai.com/v1" : "http://localhost:11434/v1";
  return new OpenbatchError("base_url_missing", "There is no base URL: nothing says which server to ask.", {
    hint: `Name it with its version: --base-url ${example}; --save keeps it in ${settingsFile}. Without a server: --rehearse.`,
  });
}

function assertNeedsNoKey(baseURL: string): void {
  if (!/^https:\/\/(?:[a-z]{2}\.)?api\.openai\.com(?:[:/]|$)/i.test(baseURL.trim())) return;
  throw new OpenbatchError(
    "api_key_missing",
    `${settingsFile} names OpenAI, which needs a key, and a server that it names gets none of its own.`,
    { hint: "Name the variable that holds it: --api-key-env OPENAI_API_KEY." },
  );
}

/** Keeps model and server for the next time. */
export async function saveServer(
  flags: Pick<AskFlags, "model" | "baseUrl">,
  saved: SavedSettings,
): Promise<void> {
  const { model = saved.model, baseUrl = saved.base_url } = flags;
  if (baseUrl !== undefined) assertNoSecret(baseUrl);
  await saveSettings({
    ...(model === undefined ? {} : { model }),
    ...(baseUrl === undefined ? {} : { base_url: baseUrl }),
  });
}

/** @throws OpenbatchError where there is nothing to keep, or what may be a key. */
export function assertCanSave({ model, baseUrl }: Pick<AskFlags, "model" | "baseUrl">): void {
  if (model === undefined && baseUrl === undefined)
    throw wrongUsage("--save has nothing to keep.", "Give --model NAME, --base-url URL or both with it.");
  if (baseUrl !== undefined) assertNoSecret(baseUrl);
}

function assertNoSecret(baseUrl: string): void {
  if (!/[?@#]/.test(baseUrl)) return;
  throw wrongUsage(
    "--save keeps no base URL with a query or a name in it, which may hold a key.",
    "Leave --save out, or give the server another URL.",
  );
}
