import { toPlainText } from "../errors/index.js";
import { type HttpClient, TransportFailure } from "../http/index.js";
import { tryParseJson } from "../jsonl/index.js";
import { isSuccessStatus, readServiceError, type ServerAnswer } from "../outcome/index.js";
import type { Profile } from "../providers/index.js";
import type { SetupItem } from "./report/setup-report.js";

/** Further off, a batch may not be found again after a kill: it is looked for by when it was made. */
const worstSkewMs = 10 * 60_000;
const doubtfulSkewMs = 60_000;

interface AskOptions {
  readonly hasKey: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Asks a service for the latest of its batches, once: it changes nothing, and costs nothing. */
export async function askService(
  client: HttpClient,
  { lines }: Profile,
  { hasKey, signal }: AskOptions,
): Promise<readonly SetupItem[]> {
  const url = lines === "anthropic" ? "/v1/messages/batches" : "/v1/batches";
  const asked = Date.now();
  const started = performance.now();
  try {
    const answer = await client.request({
      method: "GET",
      url,
      query: { limit: "1" },
      isAskedOnce: true,
      signal,
    });
    const tookMs = performance.now() - started;
    return [toAnswerItem(answer, { tookMs, hasKey }), ...toClockItems(answer, asked + tookMs / 2)];
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof TransportFailure)) throw error;
    return [
      {
        name: "answer",
        state: "failing",
        text: `none: ${toPlainText(error.message)}`,
        hint: "Look at its base URL, and at the network: baseURL (--base-url URL).",
      },
    ];
  }
}

function toAnswerItem(
  answer: ServerAnswer,
  { tookMs, hasKey }: { readonly tookMs: number; readonly hasKey: boolean },
): SetupItem {
  const { status } = answer;
  const text = `status ${status} in ${Math.round(tookMs)} ms`;
  if (isSuccessStatus(status))
    return { name: "answer", state: "good", text: `${text}: its batches can be asked for` };
  const { message = "" } = readServiceError(tryParseJson(answer.body)) ?? {};
  const said = message === "" ? text : `${text}: ${toPlainText(message).slice(0, 200)}`;
  if (status === 401 || status === 403) {
    // Without a key it is no wonder.
    if (!hasKey) return { name: "answer", state: "good", text: `${text}: it is there, and wants a key` };
    return {
      name: "answer",
      state: "failing",
      text: said,
      hint: "It does not take the key: look which account and project it is of.",
    };
  }
  if (status === 404)
    return {
      name: "answer",
      state: "failing",
      text: said,
      hint: "It has no Batch API there: look at the version in the base URL, or use openbatch run.",
    };
  return { name: "answer", state: "failing", text: said, hint: "Try again later." };
}

/** The service tells whole seconds. */
function toClockItems({ header }: ServerAnswer, now: number): readonly SetupItem[] {
  const theirs = Date.parse(header("date") ?? "");
  if (Number.isNaN(theirs))
    return [{ name: "clock", state: "doubtful", text: "the service does not tell its own" }];
  const skewMs = now - theirs;
  const off = Math.abs(skewMs);
  if (off < 2_000) return [{ name: "clock", state: "good", text: "that of the service" }];
  const text = `${Math.round(off / 1000)} s ${skewMs < 0 ? "behind" : "ahead of"} the service's`;
  if (off < doubtfulSkewMs) return [{ name: "clock", state: "good", text }];
  const hint = "Set the clock of this machine: times of batches are compared with it.";
  return [{ name: "clock", state: off < worstSkewMs ? "doubtful" : "failing", text, hint }];
}
