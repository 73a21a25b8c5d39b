import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { isObject } from "../../api/index.js";
import { replaceMember } from "../../batch-file/index.js";
import type { OutgoingForm } from "../../http/index.js";
import { tryParseJson } from "../../jsonl/index.js";
import { ApiError } from "./api-error.js";
import { parseForm } from "./parse-form.js";
import { readBody } from "./read-body.js";
import { readJsonBody } from "./read-json-body.js";

export interface EndpointBodyOptions {
  readonly maxBytes: number;
  /** Takes the place of the model that is asked for. */
  readonly model: string | undefined;
}

/** What is asked of an endpoint, ready to be sent. */
export interface EndpointBody {
  readonly text: string;
  /** What `text` says, but for the model. */
  readonly json: Readonly<Record<string, unknown>>;
  /** Where it came as a form, which `text` then only tells of. */
  readonly form: OutgoingForm | undefined;
}

/** Reads the body of a request to an endpoint: JSON, or the form that has it when files go along. @throws ApiError */
export async function readEndpointBody(
  incoming: IncomingMessage,
  { maxBytes, model }: EndpointBodyOptions,
): Promise<EndpointBody> {
  const contentType = incoming.headers["content-type"] ?? "";
  if (/^multipart\/form-data\s*;/i.test(contentType)) {
    return toFormBody({ contentType, bytes: await readBody(incoming, { maxBytes }) }, model);
  }
  const { text, json } = await readJsonBody(incoming, { maxBytes });
  if (!isObject(json)) throw new ApiError(400, "The body of the request must be one JSON object.");
  return { text: withModel(text, model), json, form: undefined };
}

async function toFormBody(received: OutgoingForm, model: string | undefined): Promise<EndpointBody> {
  const data = await parseForm(received.bytes, received.contentType);
  const json = await toJson(data);
  const text = withModel(JSON.stringify(json), model);
  if (model === undefined) return { text, json, form: received };
  data.set("model", model);
  return { text, json, form: await toForm(data) };
}

function withModel(text: string, model: string | undefined): string {
  return model === undefined ? text : replaceMember(text, "model", model);
}

async function toForm(data: FormData): Promise<OutgoingForm> {
  const response = new Response(data);
  const bytes = Buffer.from(await response.arrayBuffer());
  return { contentType: response.headers.get("content-type") ?? "", bytes };
}

/** A form as its endpoint would have it in JSON, with a digest for each file. */
async function toJson(data: FormData): Promise<Record<string, unknown>> {
  const values = new Map<string, unknown>();
  const lists = new Map<string, unknown[]>();
  for (const [name, part] of data) {
    const value = typeof part === "string" ? toValue(name, part) : await toDigest(part);
    const listName = toListName(name);
    if (listName === undefined) values.set(name, value);
    else lists.set(listName, [...(lists.get(listName) ?? []), value]);
  }
  return Object.fromEntries([...values, ...lists]);
}

/** Lists are written as `include[]`; images also go under the name of one of them. */
function toListName(name: string): string | undefined {
  const listed = /^(.+)\[\]$/.exec(name)?.[1];
  return name === "image" || listed === "image" ? "images" : listed;
}

/** In a form all is text. Only of these it matters here what it says. */
function toValue(name: string, text: string): unknown {
  return name === "n" || name === "stream" ? (tryParseJson(text) ?? text) : text;
}

async function toDigest(file: File): Promise<string> {
  return createHash("sha256")
    .update(Buffer.from(await file.arrayBuffer()))
    .digest("hex");
}
