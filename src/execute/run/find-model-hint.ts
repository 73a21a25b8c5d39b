import { describeName, isModelName, nearestName, readModelNames } from "../../api/index.js";
import { HttpClient, type HttpTransportOptions } from "../../http/index.js";
import { tryParseJson } from "../../jsonl/index.js";
import { isSuccessStatus } from "../../outcome/index.js";

/** Nobody waits longer to learn what there is instead, in milliseconds. */
const patienceMs = 2_000;
const mostShown = 10;

/** What to do about a model that a server does not have: which ones it has. `undefined` where it does not tell in time. */
export async function findModelHint(
  model: string,
  server: HttpTransportOptions,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const names = await listModels(server, signal);
  return names && toHint(model, names);
}

/** The models of a server; `undefined` where it doesn't tell, for whatever reason: that is no error beside the one that there is. */
async function listModels(
  server: HttpTransportOptions,
  signal: AbortSignal | undefined,
): Promise<readonly string[] | undefined> {
  const client = new HttpClient({ ...server, timeoutMs: patienceMs });
  const limit = AbortSignal.timeout(patienceMs);
  try {
    const { status, body } = await client.request({
      method: "GET",
      url: "/v1/models",
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    });
    return isSuccessStatus(status) ? readModelNames(tryParseJson(body)) : undefined;
  } catch {
    return undefined;
  } finally {
    await client.close();
  }
}

function toHint(model: string, names: readonly string[]): string {
  const toDo = "Send to a model that the server has: model (--model NAME).";
  if (names.length === 0) return "The server lists no model at all: load one there first.";
  if (names.includes(model)) {
    return `The server lists ${describeName(model)}, though: it may not be there for this endpoint, or not for this key. ${toDo}`;
  }
  const alike = names.filter((name) => name.toLowerCase().includes(model.toLowerCase()));
  const [only] = alike.length === 1 ? alike : [];
  const meant = isModelName(model) ? (nearestName(model, names) ?? only) : undefined;
  const guess = meant === undefined ? "" : ` Did you mean ${JSON.stringify(meant)}?`;
  return `${toDo}${guess} It has ${listNames([...new Set([...alike, ...names])])}.`;
}

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, mostShown).map((name) => JSON.stringify(name));
  const others = names.length - shown.length;
  return others > 0 ? `${shown.join(", ")} and ${others} more` : shown.join(", ");
}
