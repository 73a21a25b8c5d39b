import { type Endpoint, isObject } from "../../api/index.js";
import { tryToJson } from "../../jsonl/index.js";

/** What of a request is counted in tokens. */
export interface Countable {
  readonly texts: readonly string[];
  /** Tokens that come with no text: around messages, and inputs that are tokens already. */
  readonly tokens: number;
  /** Whether there is more that no text shows: pictures, tools, schemas, a stored prompt. */
  readonly isExact: boolean;
}

type Body = Readonly<Record<string, unknown>>;

/** Around each message, and before the answer. Source: OpenAI's cookbook, as gpt-tokenizer 4.0 counts it. */
const tokensAroundMessage = 3;
/** A picture of 1024 × 1024 at high detail, as gpt-4o counts it; other models and sizes differ. */
const tokensOfPicture = 765;
/** What a completion without a limit may have. */
const completionTokens = 16;

/** Finds in a body what is counted. What no rule is known for is counted as JSON. */
export function toCountable(endpoint: Endpoint | undefined, body: Body): Countable {
  const gathered = new Gathered();
  switch (endpoint) {
    case "/v1/chat/completions":
      gathered.addMessages(body.messages);
      gathered.addSchemas(body.tools, body.functions, body.response_format);
      break;
    case "/v1/responses":
      gathered.addText(body.instructions);
      gathered.addMessages(body.input);
      gathered.addSchemas(body.tools, body.text, body.prompt);
      break;
    case "/v1/embeddings":
    case "/v1/moderations":
      gathered.addInput(body.input);
      break;
    case "/v1/completions":
      gathered.addInput(body.prompt);
      break;
    default:
      gathered.addSchemas(body);
  }
  return gathered.finish();
}

/** The most tokens that the answer may have; `undefined` where the request sets no limit. */
export function findOutputLimit(endpoint: Endpoint | undefined, body: Body): number | undefined {
  switch (endpoint) {
    case "/v1/chat/completions":
      return times(body.max_completion_tokens ?? body.max_tokens, body.n);
    case "/v1/responses":
      return times(body.max_output_tokens, 1);
    case "/v1/embeddings":
    case "/v1/moderations":
      return 0;
    case "/v1/completions":
      return times(body.max_tokens ?? completionTokens, body.n);
    default:
      return undefined;
  }
}

function times(limit: unknown, choices: unknown): number | undefined {
  if (typeof limit !== "number") return undefined;
  return limit * (typeof choices === "number" ? choices : 1);
}

class Gathered {
  readonly #texts: string[] = [];
  #tokens = 0;
  #isExact = true;

  finish(): Countable {
    return { texts: this.#texts, tokens: this.#tokens, isExact: this.#isExact };
  }

  addText(text: unknown): void {
    if (typeof text === "string") this.#texts.push(text);
  }

  /** Messages, or the one text that stands in their place. */
  addMessages(messages: unknown): void {
    this.#tokens += tokensAroundMessage;
    if (!Array.isArray(messages)) return this.addText(messages);
    for (const message of messages) {
      if (!isObject(message)) continue;
      this.#tokens += tokensAroundMessage;
      this.addText(message.role);
      this.addText(message.name);
      this.#addContent(message.content);
      if (message.tool_calls !== undefined) this.addSchemas(message.tool_calls);
      if (message.content === undefined) this.addSchemas(message);
    }
  }

  /** How a service writes these before its model is nobody's business; as JSON they are about as long. */
  addSchemas(...values: readonly unknown[]): void {
    for (const value of values) {
      if (value === undefined || value === null) continue;
      const json = tryToJson(value);
      if (json === undefined) this.#addWhatIsIn(value);
      else this.#texts.push(json);
      this.#isExact = false;
    }
  }

  /** The texts and names in a value, and a token for whatever else is there. */
  #addWhatIsIn(value: unknown): void {
    const rest = [value];
    while (rest.length > 0) {
      const part = rest.pop();
      this.#tokens += 1;
      this.addText(part);
      if (typeof part !== "object" || part === null) continue;
      if (!Array.isArray(part)) this.#texts.push(...Object.keys(part));
      rest.push(...Object.values(part));
    }
  }

  /** A text, several, tokens, or lists of tokens. */
  addInput(input: unknown): void {
    if (!Array.isArray(input)) return this.addText(input);
    for (const each of input) {
      if (typeof each === "number") this.#tokens += 1;
      else if (Array.isArray(each)) this.#tokens += each.length;
      else if (isObject(each)) this.#addPart(each);
      else this.addText(each);
    }
  }

  #addContent(content: unknown): void {
    if (!Array.isArray(content)) return this.addText(content);
    for (const part of content) if (isObject(part)) this.#addPart(part);
  }

  #addPart(part: Body): void {
    if (typeof part.text === "string") return this.addText(part.text);
    this.#tokens += tokensOfPicture;
    this.#isExact = false;
  }
}
