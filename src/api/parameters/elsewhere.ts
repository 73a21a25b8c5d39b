import { type Endpoint, endpoints } from "../request/endpoint.js";
import type { Elsewhere } from "../rule/object-rule.js";
import { endpointParameters } from "./endpoint-parameters.js";

/** What a parameter of another endpoint, or of its Python argument, is called here. */
const renamed: Readonly<Record<Endpoint, Readonly<Record<string, string>>>> = {
  "/v1/responses": {
    function_call: "tool_choice",
    functions: "tools",
    inp: "input",
    logprobs: 'include: ["message.output_text.logprobs"]',
    max_completion_tokens: "max_output_tokens",
    max_tokens: "max_output_tokens",
    messages: "input",
    reasoning_effort: "reasoning.effort",
    response_format: "text.format",
    text_format: "text.format",
    verbosity: "text.verbosity",
    web_search_options: "a web_search tool in tools",
  },
  "/v1/chat/completions": {
    inp: "messages",
    input: "messages",
    instructions: 'a first message with the role "developer"',
    max_output_tokens: "max_completion_tokens",
    prompt: "messages",
    reasoning: "reasoning_effort",
    text: "response_format, and verbosity",
    text_format: "response_format",
  },
  "/v1/embeddings": { inp: "input", messages: "input", prompt: "input", text: "input" },
  "/v1/completions": {
    inp: "prompt",
    input: "prompt",
    max_completion_tokens: "max_tokens",
    max_output_tokens: "max_tokens",
    messages: "prompt",
    top_logprobs: "logprobs",
  },
  "/v1/moderations": { inp: "input", messages: "input", prompt: "input", text: "input" },
  "/v1/images/generations": { input: "prompt", messages: "prompt", text: "prompt" },
  "/v1/images/edits": {
    image: 'images: [{"image_url": …}] or [{"file_id": …}]',
    input: "prompt",
    messages: "prompt",
    text: "prompt",
  },
  "/v1/videos": { image: "input_reference", images: "input_reference", input: "prompt", messages: "prompt" },
};

/** Arguments of the SDKs that are never sent as they are. */
const clientArguments: Readonly<Record<string, string>> = {
  extra_body: "Put what is in it into the body itself.",
  extra_headers: "Leave it out: a line of a batch file has no headers.",
  extra_query: "Leave it out: a line of a batch file has no query.",
  timeout: "Leave it out: it is an option of a client.",
};

/** Parameters that other servers take, so not a slip of the keyboard. */
const serverParameters: ReadonlySet<string> = new Set([
  "chat_template_kwargs",
  "enable_thinking",
  "guided_choice",
  "guided_grammar",
  "guided_json",
  "guided_regex",
  "ignore_eos",
  "length_penalty",
  "min_p",
  "min_tokens",
  "repetition_penalty",
  "skip_special_tokens",
  "stop_token_ids",
  "structured_outputs",
  "thinking",
  "top_k",
  "use_beam_search",
]);

const custom_id: Elsewhere = {
  message: "the id of a request is no parameter of its body.",
  hint: "Did you mean custom_id? It stands beside url and body in a line.",
  isRefused: false,
};

/** Says of a name that an endpoint does not know where it belongs, and what it is called here. */
export function elsewhere(url: Endpoint): (name: string) => Elsewhere | undefined {
  return (given) => {
    const name = toSnakeCase(given);
    if (name === "custom_id") return custom_id;
    const here = Object.hasOwn(renamed[url], name) ? renamed[url][name] : undefined;
    const homes = endpoints.filter(
      (other) => other !== url && Object.hasOwn(endpointParameters[other], name),
    );
    if (Object.hasOwn(endpointParameters[url], name)) return undefined;
    if (homes.length > 0)
      return { message: toMessage(given, homes, url), hint: toHint(here), isRefused: true };
    if (here !== undefined) {
      return { message: `unknown parameter "${given}".`, hint: toHint(here), isRefused: true };
    }
    return clientArgument(given) ?? serverParameter(given);
  };
}

function toSnakeCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}

function toMessage(name: string, homes: readonly Endpoint[], url: Endpoint): string {
  return `"${name}" is a parameter of ${homes.join(", ")}, not of ${url}.`;
}

function toHint(here: string | undefined): string {
  return here === undefined ? "It has no counterpart here: leave it out." : `Here use ${here}.`;
}

function clientArgument(name: string): Elsewhere | undefined {
  const hint = Object.hasOwn(clientArguments, name) ? clientArguments[name] : undefined;
  if (hint === undefined) return undefined;
  return { message: `"${name}" is an argument of a client, not a parameter.`, hint, isRefused: true };
}

function serverParameter(name: string): Elsewhere | undefined {
  if (!serverParameters.has(name)) return undefined;
  return {
    message: `"${name}" is a parameter of some servers, which OpenAI does not have.`,
    hint: `Leave it out, or let it through: allowUnknownParameters: ["${name}"] (--allow-unknown ${name}).`,
    isRefused: false,
  };
}
