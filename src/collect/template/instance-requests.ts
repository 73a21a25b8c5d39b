import {
  describe,
  describeName,
  type Endpoint,
  endpoints,
  isEndpoint,
  isObject,
  nearestName,
} from "../../api/index.js";
import { type Code, isSystemError, OpenbatchError, RequestError } from "../../errors/index.js";
import type { UncheckedRequest } from "../file/request-writer.js";
import type { ChatCompletionsRequest } from "./chat-completions-request.js";
import type { EmbeddingsRequest } from "./embeddings-request.js";
import type { PromptMessage } from "./message.js";
import type { PromptTemplate } from "./prompt-template.js";
import { mergeParameters, type RequestBody } from "./request-parameters.js";
import type { ResponsesRequest } from "./responses-request.js";
import type { ReusablePrompt } from "./reusable-prompt.js";
import { toInputItems } from "./to-input-items.js";

/** A request that takes messages. */
export type PromptedRequest = ChatCompletionsRequest | ResponsesRequest;

export type Prompt = PromptTemplate | ReusablePrompt;

/** The request of one instance: the common request, under the instance's own parameters, under its prompt or input. */
export type ToRequest = (instance: unknown) => UncheckedRequest;

/** An instance of which the keys are known, and nothing else. */
export type Instance = Readonly<Record<string, unknown>>;

/** What goes over the parameters of the others, and the one key of an instance that it comes from. */
interface Source {
  readonly key: "promptValueMapping" | "messages" | "input";
  /** The parameter that it fills, which nothing else may give. */
  readonly parameter: "messages" | "input" | "prompt";
  readonly fill: (instance: Instance) => unknown;
}

/**
 * How instances of a prompt, or, without one, of messages become requests.
 *
 * @throws OpenbatchError `invalid_option` where the prompt and the request do not go together.
 */
export function promptedRequests(request: PromptedRequest, prompt?: Prompt): ToRequest {
  assertRequest(request, { name: "commonRequest", urls: ["/v1/chat/completions", "/v1/responses"] });
  if (prompt === undefined)
    return requestsFrom(
      request,
      messagesSource(request, ({ messages }) => messages),
    );
  if (!isObject(prompt)) {
    const hint = "Use a PromptTemplate or a ReusablePrompt.";
    return refuse("invalid_option", `prompt is ${describe(prompt)}.`, hint);
  }
  if (isTemplate(prompt)) {
    const format = (instance: Instance) => prompt.format(valuesOf(instance));
    return requestsFrom(request, { ...messagesSource(request, format), key: "promptValueMapping" });
  }
  if (request.url !== "/v1/responses") {
    throw new OpenbatchError("invalid_option", `A reusable prompt does not go with ${request.url}.`, {
      hint: "Use a ResponsesRequest, or a PromptTemplate.",
    });
  }
  const fill = (instance: Instance) => withVariables(prompt, valuesOf(instance));
  return requestsFrom(request, { key: "promptValueMapping", parameter: "prompt", fill });
}

/** How instances with an input become embeddings requests. */
export function embeddingRequests(request: EmbeddingsRequest): ToRequest {
  assertRequest(request, { name: "commonRequest", urls: ["/v1/embeddings"] });
  return requestsFrom(request, { key: "input", parameter: "input", fill: ({ input }) => input });
}

/** Refuses, of plain JavaScript, what is no request object for one of the urls. */
export function assertRequest(
  request: unknown,
  { name, urls = endpoints }: { readonly name: string; readonly urls?: readonly Endpoint[] },
): void {
  const { url, body }: Instance = isObject(request) ? request : {};
  if (!isObject(body)) {
    const found = isObject(request) ? "an object without url and body" : describe(request);
    refuse(
      "invalid_option",
      `${name} is ${found}.`,
      "Give it a request, such as new ResponsesRequest({ … }).",
    );
  }
  if (!isEndpoint(url) || !urls.includes(url)) {
    refuse("invalid_option", `${name} is for ${describeName(url)}.`, `Use one for ${urls.join(" or ")}.`);
  }
}

export function isTemplate(prompt: Prompt): prompt is PromptTemplate {
  return "format" in prompt;
}

function messagesSource(request: PromptedRequest, toMessages: (instance: Instance) => unknown): Source {
  if (request.url === "/v1/chat/completions")
    return { key: "messages", parameter: "messages", fill: toMessages };
  const fill = (instance: Instance) => {
    const messages = toMessages(instance);
    // Of plain JavaScript it may be anything; what is no array is left to the check of the request.
    return Array.isArray(messages) ? toInputItems(messages as readonly PromptMessage[]) : messages;
  };
  return { key: "messages", parameter: "input", fill };
}

function valuesOf({ promptValueMapping = {} }: Instance): Record<string, never> {
  if (!isObject(promptValueMapping)) {
    refuse(
      "invalid_option",
      `promptValueMapping is ${describe(promptValueMapping)}.`,
      "Give it an object of values by name.",
    );
  }
  // The template itself checks which values are there, and of which type.
  return promptValueMapping as Record<string, never>;
}

function withVariables({ id, version, variables }: ReusablePrompt, own: object): object {
  const all = { ...variables, ...own };
  return {
    id,
    ...(version === undefined ? {} : { version }),
    ...(Object.keys(all).length === 0 ? {} : { variables: all }),
  };
}

function requestsFrom(request: PromptedRequest | EmbeddingsRequest, source: Source): ToRequest {
  const { url, body } = request;
  const format = "format" in request && request.format !== undefined ? { format: request.format } : {};
  assertAbsent(source.parameter, body, "commonRequest");
  return (instance) => {
    const known = toInstance(instance, source.key);
    const { custom_id, instanceRequestOptions: options = {} } = known;
    if (!isObject(options)) {
      return refuse(
        "invalid_option",
        `instanceRequestOptions is ${describe(options)}.`,
        "Give it an object of parameters.",
      );
    }
    assertAbsent(source.parameter, options, "instanceRequestOptions");
    const own = { [source.parameter]: source.fill(known) };
    return { custom_id, url, body: mergeParameters(mergeParameters(body, options), own), ...format };
  };
}

/** An instance with a key of another name would lose in silence what stands under it. */
export function toInstance(instance: unknown, sourceKey: Source["key"]): Instance {
  if (!isObject(instance)) {
    return refuse(
      "invalid_option",
      `An instance is ${describe(instance)}.`,
      `Give it custom_id and ${sourceKey}.`,
    );
  }
  for (const key in instance) {
    if (key === "custom_id" || key === sourceKey || key === "instanceRequestOptions") continue;
    if (Object.hasOwn(instance, key)) refuseKey(key, ["custom_id", sourceKey, "instanceRequestOptions"]);
  }
  return instance;
}

function refuseKey(key: string, known: readonly string[]): never {
  // The Python package calls it so.
  const nearest = key === "id" ? "custom_id" : nearestName(key, known);
  const hint = `An instance has ${known.join(", ")}.`;
  const message = `An instance has an unknown key ${describeName(key)}.`;
  return refuse("invalid_option", message, nearest === undefined ? hint : `Did you mean ${nearest}? ${hint}`);
}

function assertAbsent(parameter: string, body: RequestBody, place: string): void {
  if (body[parameter] === undefined) return;
  const message = `${place} has ${parameter}, and so has each instance.`;
  refuse("conflicting_parameters", message, `Leave ${parameter} out of ${place}.`);
}

/** The error of one instance: with its id, and with what to do, because the whole call's error has a hint of its own. */
export function toInstanceError(error: unknown, instance: unknown): unknown {
  if (!(error instanceof OpenbatchError)) return error;
  // A refused request says both already, and where the file system fails it is not for the instance.
  if (error instanceof RequestError || isSystemError(error.cause)) return error;
  const custom_id = isObject(instance) ? instance.custom_id : undefined;
  const name = typeof custom_id === "string" ? `Instance ${describeName(custom_id)}: ` : "";
  const { code, hint } = error;
  return new OpenbatchError(code, `${name}${error.message} ${hint}`, { hint, cause: error });
}

function refuse(code: Code, message: string, hint: string): never {
  throw new OpenbatchError(code, message, { hint });
}
