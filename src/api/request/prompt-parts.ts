import { countOf, formatCount } from "../../errors/index.js";
import { tryToJson } from "../../jsonl/index.js";
import { isObject } from "../rule/rule.js";

/** One thing that a request says to the model. */
export interface PromptPart {
  /** Who says it: `system`, `user`, `assistant`, `tool` …; `undefined` where the endpoint knows no roles. */
  readonly role: string | undefined;
  readonly kind: "text" | "image" | "audio" | "file" | "tool_call" | "tool_result" | "other";
  /** A text as it stands there; an image, a sound or a file by its address, or by its type and size; whatever else as JSON. */
  readonly text: string;
}

type Members = Readonly<Record<string, unknown>>;

/**
 * What a request says to the model, part by part in its order, whatever its endpoint: system texts, messages, images, calls of tools
 * and what came of them. Anything that has the shape of a request is read, also where it would be refused; what is none says nothing.
 *
 * @example
 * ```ts
 * import { toPromptParts } from "openbatch";
 *
 * const body = { model: "gpt-4o-mini", messages: [{ role: "user", content: "What is known of Quito?" }] };
 * for (const { role, text } of toPromptParts({ body })) console.log(`${role}: ${text}`);
 * ```
 */
export function toPromptParts(request: {
  readonly body?: unknown;
  readonly params?: unknown;
}): readonly PromptPart[] {
  const body = request.body ?? request.params;
  if (!isObject(body)) return [];
  const gathered = new GatheredParts();
  for (const key of ["instructions", "system"]) gathered.addContent("system", body[key]);
  for (const key of ["messages", "input"]) gathered.addMessages(body[key]);
  gathered.addPrompt(body.prompt);
  for (const key of ["image", "images", "mask", "input_reference"]) gathered.addImages(body[key]);
  return gathered.parts;
}

/** What of a request is shown by {@link toPromptParts}. */
const promptMembers: ReadonlySet<string> = new Set([
  ...["instructions", "system", "messages", "input", "prompt"],
  ...["image", "images", "mask", "input_reference"],
]);

/** What a request asks for beside what it says to the model: its name, the temperature, the format of the answer … */
export function toPromptSettings({
  body,
  params,
}: {
  readonly body?: unknown;
  readonly params?: unknown;
}): Members {
  const asked = body ?? params;
  if (!isObject(asked)) return {};
  return Object.fromEntries(Object.entries(asked).filter(([name]) => !promptMembers.has(name)));
}

class GatheredParts {
  readonly parts: PromptPart[] = [];

  /** Messages, items, or the inputs that stand in their place. */
  addMessages(given: unknown): void {
    if (typeof given === "string") return this.#add("user", "text", given);
    if (!Array.isArray(given)) return;
    if (given.length > 0 && given.every((item) => typeof item === "number")) return this.#addTokens(given);
    for (const item of given) this.#addMessage(item);
  }

  /** The text of a completion or an image, or one that is stored at the service. */
  addPrompt(prompt: unknown): void {
    if (isObject(prompt)) this.#addJson(undefined, prompt);
    else if (Array.isArray(prompt)) this.addMessages(prompt);
    else if (typeof prompt === "string") this.#add(undefined, "text", prompt);
  }

  addContent(role: string | undefined, content: unknown): void {
    if (typeof content === "string") return this.#add(role, "text", content);
    if (!Array.isArray(content)) return;
    for (const part of content) this.#addPart(role, part);
  }

  addImages(given: unknown): void {
    for (const image of Array.isArray(given) ? given : [given]) {
      if (typeof image === "string") this.#add(undefined, "image", toAddress(image));
      else if (isObject(image)) this.#add(undefined, "image", toSource(image));
    }
  }

  #addMessage(item: unknown): void {
    if (typeof item === "string") return this.#add(undefined, "text", item);
    if (Array.isArray(item)) return this.#addTokens(item);
    if (!isObject(item)) return;
    const role = typeof item.role === "string" ? item.role : undefined;
    if (role === undefined) return this.#addPart(role, item);
    if (role === "tool" || role === "function") this.#addResult(role, item.content);
    else this.addContent(role, item.content);
    if (typeof item.refusal === "string") this.#add(role, "text", item.refusal);
    const calls: readonly unknown[] = Array.isArray(item.tool_calls) ? item.tool_calls : [item.function_call];
    for (const call of calls)
      if (isObject(call)) this.#addCall(role, isObject(call.function) ? call.function : call);
  }

  /** A part of a message, or an item that is none. */
  #addPart(role: string | undefined, part: unknown): void {
    if (typeof part === "string") return this.#add(role, "text", part);
    if (!isObject(part)) return;
    switch (part.type) {
      case "image_url":
      case "input_image":
      case "image":
        return this.#add(role, "image", toSource(part));
      case "input_audio":
        return this.#add(role, "audio", toSource(isObject(part.input_audio) ? part.input_audio : part));
      case "file":
      case "input_file":
      case "document":
        return this.#add(role, "file", toSource(isObject(part.file) ? part.file : part));
      case "function_call":
      case "custom_tool_call":
      case "tool_use":
        return this.#addCall(role ?? "assistant", part);
      case "function_call_output":
      case "custom_tool_call_output":
        return this.#addResult("tool", part.output);
      case "tool_result":
        return this.#addResult("tool", part.content);
      default:
        if (typeof part.text === "string") return this.#add(role, "text", part.text);
        return this.#addJson(role, part);
    }
  }

  #addCall(role: string | undefined, { name, arguments: given, input }: Members): void {
    const written = given ?? input ?? "";
    this.#add(
      role,
      "tool_call",
      `${String(name)}(${typeof written === "string" ? written : toJson(written)})`,
    );
  }

  #addResult(role: string, content: unknown): void {
    const parts = new GatheredParts();
    parts.addContent(role, content);
    const isListed = parts.parts.length > 0;
    if (!isListed) this.#add(role, "tool_result", toJson(content));
    for (const part of parts.parts)
      this.parts.push(part.kind === "text" ? { ...part, kind: "tool_result" } : part);
  }

  #addTokens(tokens: readonly unknown[]): void {
    this.#add(undefined, "other", countOf(tokens.length, "token"));
  }

  #addJson(role: string | undefined, value: unknown): void {
    this.#add(role, "other", toJson(value));
  }

  #add(role: string | undefined, kind: PromptPart["kind"], text: string): void {
    this.parts.push({ role, kind, text });
  }
}

/** Where an image or a file is, by whatever member says so. */
function toSource(part: Members): string {
  const { image_url, source, url, file_url, file_id, filename, file_data, data, media_type, format } = part;
  if (isObject(image_url)) return toSource(image_url);
  if (isObject(source)) return toSource(source);
  const address = [image_url, url, file_url, file_id].find((value) => typeof value === "string");
  const bytes = [file_data, data].find((value) => typeof value === "string");
  const name = typeof filename === "string" ? `${filename} ` : "";
  if (typeof address === "string") return `${name}${toAddress(address)}`;
  if (typeof bytes !== "string") return toJson(part);
  const type = [media_type, format].find((value) => typeof value === "string");
  return `${name}${/^data:/i.test(bytes) ? toAddress(bytes) : describeBytes(String(type ?? "base64"), bytes)}`;
}

/** An address as it is; of what holds the bytes itself, the type and their number. */
function toAddress(address: string): string {
  const [, type = ""] = /^data:([^;,]{0,100})/i.exec(address) ?? [];
  if (!/^data:/i.test(address)) return address;
  return describeBytes(type === "" ? "data" : type, address.slice(address.indexOf(",") + 1));
}

function describeBytes(type: string, base64: string): string {
  return `${type}, ${formatCount(Math.floor((base64.replace(/=+$/, "").length * 3) / 4))} bytes`;
}

function toJson(value: unknown): string {
  return tryToJson(value) ?? "";
}
