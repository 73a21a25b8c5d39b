import { isObject } from "../../api/index.js";
import { readRequestLine, replaceMember } from "../../batch-file/index.js";
import type { LaneRequest } from "../upstream/lane.js";

export interface LaneRequestOptions {
  /** Takes the place of every request's own model. */
  readonly model?: string | undefined;
}

/** A request of a batch file as it is sent; `undefined` where the line is no longer one. */
export function toLaneRequest(
  bytes: Buffer,
  { model }: LaneRequestOptions,
): (LaneRequest & { readonly custom_id: string }) | undefined {
  const line = readRequestLine(bytes);
  if (line?.kind !== "request") return undefined;
  const { custom_id, url, body, bodyText } = line;
  const text = model === undefined ? bodyText : replaceMember(bodyText, "model", model);
  const ownModel = typeof body.model === "string" ? body.model : undefined;
  return {
    custom_id,
    url,
    body: text,
    model: model ?? ownModel,
    estimatedTokens: estimateTokens(body, text),
  };
}

const charactersPerToken = 4;
/** What services count for an image of usual size. */
const tokensPerImage = 1_000;
const dataUrl = /"data:[^",]{1,80};base64,/g;

/** Four characters a token for what is sent, and the most that may be answered. The server's own count corrects it. */
function estimateTokens(body: Readonly<Record<string, unknown>>, text: string): number {
  return Math.ceil(estimateInput(text)) + readOutputLimit(body);
}

function estimateInput(text: string): number {
  if (!text.includes(";base64,")) return text.length / charactersPerToken;
  let characters = text.length;
  let images = 0;
  for (const found of text.matchAll(dataUrl)) {
    const start = found.index + found[0].length;
    characters -= text.indexOf('"', start) - start;
    images += 1;
  }
  return characters / charactersPerToken + images * tokensPerImage;
}

function readOutputLimit(body: Readonly<Record<string, unknown>>): number {
  const limit = body.max_completion_tokens ?? body.max_output_tokens ?? body.max_tokens;
  const answers = isObject(body) && typeof body.n === "number" ? body.n : 1;
  return typeof limit === "number" && limit > 0 ? limit * Math.max(1, answers) : 0;
}
