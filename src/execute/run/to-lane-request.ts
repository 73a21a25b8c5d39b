import { isAscii } from "node:buffer";
import { isObject } from "../../api/index.js";
import { type PlacedOutline, replaceMember } from "../../batch-file/index.js";
import type { LaneRequest } from "../upstream/lane.js";

export interface LaneRequestOptions {
  /** Takes the place of every request's own model. */
  readonly model?: string | undefined;
}

/** A request of a batch file as it is sent: its body goes out as it stands in its line. */
export function toLaneRequest(
  line: Buffer,
  { custom_id, url, body: outline, bodyStart, bodyEnd }: PlacedOutline,
  { model }: LaneRequestOptions,
): LaneRequest & { readonly custom_id: string } {
  const own = line.subarray(bodyStart, bodyEnd);
  // What the line stands in is read over.
  const body = model === undefined ? Buffer.from(own) : replaceMember(own.toString(), "model", model);
  const ownModel = typeof outline.model === "string" ? outline.model : undefined;
  const estimatedTokens = Math.ceil(estimateInput(body)) + readOutputLimit(outline);
  return { custom_id, url, body, model: model ?? ownModel, estimatedTokens };
}

/** Four characters a token for what is sent, and the most that may be answered. The server's own count corrects it. */
const charactersPerToken = 4;
/** What services count for an image of usual size. */
const tokensPerImage = 1_000;
const dataUrl = /"data:[^",]{1,80};base64,/g;
/** Node searches several times as fast for less than eight bytes. */
const dataUrlSign = Buffer.from("base64,");

function estimateInput(body: string | Buffer): number {
  const isPlain = typeof body !== "string" && isAscii(body) && !body.includes(dataUrlSign);
  return isPlain ? body.length / charactersPerToken : estimateText(body.toString());
}

function estimateText(text: string): number {
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
