import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { describe, describeName, Inspection, isObject, nearestName, toJsonValue } from "../../api/index.js";
import { withoutMark } from "../../batch-file/index.js";
import { OpenbatchError, toFileError } from "../../errors/index.js";
import { makeFolder, replaceFile, toPath } from "../../files/index.js";
import { ChatCompletionsRequest } from "./chat-completions-request.js";
import { EmbeddingsRequest } from "./embeddings-request.js";
import { isTemplate, type Prompt } from "./instance-requests.js";
import type { PromptMessage } from "./message.js";
import { PromptTemplate } from "./prompt-template.js";
import type { ChatCompletionsRequestParameters, EmbeddingsRequestParameters } from "./request-parameters.js";
import { ResponsesRequest } from "./responses-request.js";
import { ReusablePrompt } from "./reusable-prompt.js";

type AnyRequest = ChatCompletionsRequest | ResponsesRequest | EmbeddingsRequest;

/**
 * A prompt and a common request under a name, kept as a JSON file: `name`, `description`, `prompt` (`messages`, or the
 * `id`, `version` and `variables` of a reusable one), `request` (`url` and `body`), `metadata`.
 *
 * @example
 * ```ts
 * const template = new RequestTemplate({
 *   name: "product copy",
 *   prompt: new PromptTemplate([{ role: "user", content: "Product: {product_name}" }]),
 *   request: new ResponsesRequest({ model: "gpt-4o-mini", temperature: 0.8 }),
 * });
 * await template.save("product-copy.json");
 * const { prompt, request } = await RequestTemplate.load("product-copy.json");
 * ```
 */
export class RequestTemplate {
  readonly name: string;
  declare readonly description?: string;
  declare readonly prompt?: Prompt;
  declare readonly request?: AnyRequest;
  /** Anything of your own that JSON can hold. */
  declare readonly metadata?: Readonly<Record<string, unknown>>;

  constructor(template: Pick<RequestTemplate, "name" | "description" | "prompt" | "request" | "metadata">) {
    this.name = template.name;
    Object.assign(this, template);
  }

  /**
   * Reads what {@link save} wrote.
   *
   * @throws OpenbatchError `invalid_template` with the file and the path in it, or an error of the file system.
   */
  static async load(path: string | URL): Promise<RequestTemplate> {
    const file = toPath(path);
    return readTemplate(parse(await readText(file), file), file);
  }

  /**
   * Writes the template to a file, whole or not at all; its folders are made.
   *
   * @throws OpenbatchError `invalid_template` where a value has no JSON, so that nothing would be lost in silence.
   */
  async save(path: string | URL): Promise<void> {
    const file = toPath(path);
    const text = `${JSON.stringify(toSavedValue(this, file), undefined, 2)}\n`;
    makeFolder(dirname(file));
    await replaceFile(file, async (handle) => {
      await handle.writeFile(text);
    });
  }
}

function toSavedValue(
  { name, description, prompt, request, metadata }: RequestTemplate,
  file: string,
): unknown {
  const at = new Inspection();
  const value = toJsonValue(
    {
      name,
      description,
      prompt: prompt !== undefined && isTemplate(prompt) ? { messages: prompt.messages } : prompt,
      request: request === undefined ? undefined : { url: request.url, body: request.body },
      metadata,
    },
    at,
  );
  const [problem] = at.problems;
  if (problem !== undefined) throw invalid(file, problem.path, problem.message, problem.hint);
  return value;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw toFileError(cause, "read", file);
  }
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(withoutMark(text));
  } catch {
    throw invalid(file, "", "it is not JSON.", "Write it with RequestTemplate.save, or mend it as JSON.");
  }
}

function readTemplate(value: unknown, file: string): RequestTemplate {
  const read = new SavedReader(file);
  const { name, description, prompt, request, metadata } = read.object(value, "", [
    "name",
    "description",
    "prompt",
    "request",
    "metadata",
  ]);
  return new RequestTemplate({
    name: read.text(name, "name"),
    ...(description === undefined ? {} : { description: read.text(description, "description") }),
    ...(prompt === undefined ? {} : { prompt: readPrompt(prompt, read) }),
    ...(request === undefined ? {} : { request: readRequest(request, read) }),
    ...(metadata === undefined ? {} : { metadata: read.object(metadata, "metadata") }),
  });
}

function readPrompt(value: unknown, read: SavedReader): Prompt {
  if (isObject(value) && "messages" in value) {
    const { messages } = read.object(value, "prompt", ["messages"]);
    // The template judges its messages' braces here, the service's rules the rest when a request is written.
    return read.within("prompt.messages", () => new PromptTemplate(messages as readonly PromptMessage[]));
  }
  const { id, version, variables } = read.object(value, "prompt", ["id", "version", "variables"]);
  return new ReusablePrompt({
    id: read.text(id, "prompt.id"),
    ...(version === undefined ? {} : { version: read.text(version, "prompt.version") }),
    // Variables are judged when a request is written, as those of an instance are.
    ...(variables === undefined
      ? {}
      : {
          variables: read.object(variables, "prompt.variables") as NonNullable<ReusablePrompt["variables"]>,
        }),
  });
}

function readRequest(value: unknown, read: SavedReader): AnyRequest {
  const { url, body } = read.object(value, "request", ["url", "body"]);
  // Which parameters there are, and of which type, is checked when a request is written.
  const parameters: object = read.object(body, "request.body");
  switch (url) {
    case "/v1/chat/completions":
      return new ChatCompletionsRequest(parameters as ChatCompletionsRequestParameters);
    case "/v1/responses":
      return new ResponsesRequest(parameters);
    case "/v1/embeddings":
      return new EmbeddingsRequest(parameters as EmbeddingsRequestParameters);
    default:
      throw read.refuse(
        "request.url",
        `${describeName(url)} is not the url of a request class.`,
        "Use /v1/chat/completions, /v1/responses or /v1/embeddings.",
      );
  }
}

/** Reads the values of one file, and names it and the path in each error. */
class SavedReader {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  text(value: unknown, path: string): string {
    if (typeof value === "string") return value;
    throw this.refuse(path, `expected a string, found ${describe(value)}.`, "Use a string.");
  }

  /** @param names the keys that it may have; any, if not given. */
  object(value: unknown, path: string, names?: readonly string[]): Readonly<Record<string, unknown>> {
    if (!isObject(value)) {
      throw this.refuse(path, `expected an object, found ${describe(value)}.`, "Use an object.");
    }
    for (const key of Object.keys(value)) {
      if (names === undefined || names.includes(key)) continue;
      const nearest = nearestName(key, names);
      const hint = nearest === undefined ? `Known here: ${names.join(", ")}.` : `Did you mean ${nearest}?`;
      throw this.refuse(path, `unknown key ${describeName(key)}.`, hint);
    }
    return value;
  }

  within<Value>(path: string, make: () => Value): Value {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof OpenbatchError)) throw error;
      throw this.refuse(path, error.message, error.hint);
    }
  }

  refuse(path: string, message: string, hint: string): OpenbatchError {
    return invalid(this.#file, path, message, hint);
  }
}

function invalid(file: string, path: string, message: string, hint: string): OpenbatchError {
  return new OpenbatchError("invalid_template", `${file}: ${path === "" ? "" : `${path}: `}${message}`, {
    hint,
  });
}
