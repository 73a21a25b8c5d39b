import type { Code } from "../../errors/index.js";
import type { Endpoint } from "../request/endpoint.js";
import { describeName } from "../rule/describe.js";
import type { Inspection } from "../rule/inspection.js";
import { isPresent } from "../rule/is-present.js";
import { isObject } from "../rule/rule.js";
import { misspeltModel } from "./misspelt-model.js";

type Body = Readonly<Record<string, unknown>>;

interface ModelRule {
  readonly code: Extract<Code, "refused_by_model" | "retired_model" | "likely_refused">;
  readonly endpoints?: readonly Endpoint[];
  readonly models: (model: string) => boolean;
  /** Where in the body it is reported, with dots. */
  readonly parameter: string;
  readonly applies?: (body: Body) => boolean;
  readonly message: string;
  readonly hint?: string;
}

const chat = "/v1/chat/completions";
const responses = "/v1/responses";

/** Where a request says how much is to be thought. */
const effortPlaces = [
  { endpoints: [chat], parameter: "reasoning_effort" },
  { endpoints: [responses], parameter: "reasoning.effort" },
] as const;

const sizesBeforeGptImage2: ReadonlySet<string> = new Set(["auto", "1024x1024", "1536x1024", "1024x1536"]);

/**
 * What is known of single models. Warnings, all of it: names of models are free, and other services use them too.
 * Source: openai-node 7.57, OpenAI's documentation and its list of retired models, November 2026.
 */
const modelRules: readonly ModelRule[] = [
  ...["temperature", "top_p"].map(
    (parameter): ModelRule => ({
      code: "refused_by_model",
      endpoints: [chat, responses],
      models: isReasoningModel,
      parameter,
      // 1 is the default, and asks for nothing.
      applies: (body) => isPresent(body[parameter]) && body[parameter] !== 1 && effortOf(body) !== "none",
      message: 'a reasoning model refuses it unless its reasoning effort is "none".',
      hint: 'Leave it out, or set the reasoning effort to "none".',
    }),
  ),
  {
    code: "refused_by_model",
    endpoints: [chat],
    models: isReasoningModel,
    parameter: "max_tokens",
    applies: (body) => isPresent(body.max_tokens),
    message: "a reasoning model refuses it.",
    hint: "Use max_completion_tokens.",
  },
  {
    code: "refused_by_model",
    endpoints: [chat],
    models: (model) => isAtLeastGpt(model, 5.4),
    parameter: "tools",
    applies: (body) => hasFunctionTools(body) && effortOf(body) !== "none",
    message: 'from GPT-5.4 on, function tools in chat work only with reasoning_effort "none".',
    hint: 'Set reasoning_effort to "none", or use /v1/responses.',
  },
  {
    code: "refused_by_model",
    endpoints: [chat],
    models: (model) => /^(?:o3|o4-mini)(?:-|$)/.test(model),
    parameter: "stop",
    applies: (body) => isPresent(body.stop),
    message: "o3 and o4-mini refuse it.",
  },
  ...effortPlaces.map(
    (place): ModelRule => ({
      ...place,
      code: "refused_by_model",
      models: (model) => /^gpt-5\.6-sol(?:-|$)/.test(model),
      applies: (body) => effortOf(body) === "minimal",
      message: 'gpt-5.6-sol has no reasoning effort "minimal".',
      hint: 'Use "none" or "low".',
    }),
  ),
  ...effortPlaces.map(
    (place): ModelRule => ({
      ...place,
      code: "refused_by_model",
      models: isOlderThanReasoning,
      applies: (body) => isPresent(effortOf(body)),
      message: "this model does not reason, and refuses it.",
    }),
  ),
  ...[
    { endpoints: [chat], parameter: "verbosity" } as const,
    { endpoints: [responses], parameter: "text.verbosity" } as const,
  ].map(
    (place): ModelRule => ({
      ...place,
      code: "refused_by_model",
      models: isOlderThanReasoning,
      applies: (body) => isPresent(verbosityOf(body)) && verbosityOf(body) !== "medium",
      message: 'models before GPT-5 have the verbosity "medium" alone.',
      hint: "Leave it out.",
    }),
  ),
  {
    code: "refused_by_model",
    endpoints: ["/v1/embeddings"],
    models: (model) => model === "text-embedding-ada-002",
    parameter: "dimensions",
    applies: (body) => isPresent(body.dimensions),
    message: "text-embedding-ada-002 refuses it.",
    hint: "Use text-embedding-3-small or text-embedding-3-large, or leave it out.",
  },
  ...Object.entries({ "text-embedding-3-small": 1536, "text-embedding-3-large": 3072 }).map(
    ([name, most]): ModelRule => ({
      code: "refused_by_model",
      endpoints: ["/v1/embeddings"],
      models: (model) => model === name,
      parameter: "dimensions",
      applies: ({ dimensions }) => typeof dimensions === "number" && dimensions > most,
      message: `${name} has ${most} dimensions.`,
      hint: `Use ${most} or less, or leave it out.`,
    }),
  ),
  {
    code: "refused_by_model",
    endpoints: ["/v1/images/generations", "/v1/images/edits"],
    models: (model) => /^gpt-image-1(?:[.-]|$)/.test(model),
    parameter: "size",
    applies: ({ size }) => typeof size === "string" && !sizesBeforeGptImage2.has(size),
    message: `models before gpt-image-2 have the sizes ${[...sizesBeforeGptImage2].join(", ")} alone.`,
    hint: "Use one of these, or gpt-image-2 or a later image model.",
  },
  {
    code: "refused_by_model",
    endpoints: [chat, responses, "/v1/completions"],
    models: (model) => /^text-embedding-(?:3-small|3-large|ada-002)$/.test(model),
    parameter: "model",
    message: "this model makes embeddings alone.",
    hint: "Use it with /v1/embeddings, or use a model that writes.",
  },
  {
    // "You are not allowed to generate embeddings from this model", as public code quotes it.
    code: "refused_by_model",
    endpoints: ["/v1/embeddings"],
    models: isChatModel,
    parameter: "model",
    message: "this model makes no embeddings.",
    hint: "Use text-embedding-3-small or text-embedding-3-large.",
  },
  {
    // "This is a chat model and not supported in the v1/completions endpoint".
    code: "refused_by_model",
    endpoints: ["/v1/completions"],
    models: isChatModel,
    parameter: "model",
    message: "this is a chat model, which /v1/completions does not have.",
    hint: "Use /v1/chat/completions or /v1/responses.",
  },
  {
    // "This is not a chat model and thus not supported in the v1/chat/completions endpoint".
    code: "refused_by_model",
    endpoints: [chat],
    models: (model) => /^(?:o[13]-pro|gpt-5(?:\.\d+)?-(?:pro|codex))(?:-|$)/.test(model),
    parameter: "model",
    message: "this model is not one of /v1/chat/completions.",
    hint: "Use /v1/responses.",
  },
  {
    code: "retired_model",
    models: (model) => /^dall-e-[23]$/.test(model),
    parameter: "model",
    message: "the dall-e models were retired in May 2026.",
    hint: "Use gpt-image-2 or a later image model.",
  },
  {
    code: "retired_model",
    models: (model) => model === "gpt-image-1",
    parameter: "model",
    message: "gpt-image-1 was shut down on 2026-10-23.",
    hint: "Use gpt-image-2 or a later image model.",
  },
  {
    code: "retired_model",
    models: (model) => /^gpt-3\.5-turbo-instruct(?:-|$)/.test(model),
    parameter: "model",
    message: "gpt-3.5-turbo-instruct is reported to have ended on 2026-09-28.",
    hint: "Use a current model with /v1/responses or /v1/chat/completions.",
  },
  {
    code: "retired_model",
    models: (model) => /^sora-2(?:-|$)/.test(model),
    parameter: "model",
    message: "the sora models end with the video API, on 2026-09-24.",
  },
];

/** Warns of what the model of a body is known to refuse, and of models that are gone. */
export function inspectModelRules(url: Endpoint, body: Body, at: Inspection): void {
  if (at.model === undefined) return;
  for (const rule of rulesFor(url, at.model)) {
    if (rule.applies === undefined || rule.applies(body)) report(rule, rule.parameter.split("."), at);
  }
}

/** The rules that concern a model, so that each name is matched once. */
const rulesByModel = new Map<Endpoint, Map<string, readonly ModelRule[]>>();
const maxRememberedModels = 1000;

/** Compared first: lines of one file mostly have one model. */
let latest: { url: Endpoint; model: string; rules: readonly ModelRule[] } | undefined;

function rulesFor(url: Endpoint, model: string): readonly ModelRule[] {
  if (latest?.url === url && latest.model === model) return latest.rules;
  let byModel = rulesByModel.get(url);
  if (byModel === undefined || byModel.size >= maxRememberedModels) {
    byModel = new Map();
    rulesByModel.set(url, byModel);
  }
  const rules = byModel.get(model) ?? selectRules(url, model);
  byModel.set(model, rules);
  latest = { url, model, rules };
  return rules;
}

function selectRules(url: Endpoint, model: string): readonly ModelRule[] {
  const baseModel = model.replace(/^ft:/, "");
  const rules = modelRules.filter(
    ({ endpoints, models }) => (endpoints === undefined || endpoints.includes(url)) && models(baseModel),
  );
  const meant = misspeltModel(baseModel);
  return meant === undefined ? rules : [...rules, toMisspeltRule(model, meant)];
}

function toMisspeltRule(model: string, meant: string): ModelRule {
  return {
    code: "likely_refused",
    models: (other) => other === model,
    parameter: "model",
    message: `no model ${describeName(model)} is known.`,
    hint: `Did you mean ${JSON.stringify(meant)}?`,
  };
}

function report(rule: ModelRule, [key, ...rest]: readonly string[], at: Inspection): void {
  if (key === undefined) at.warning(rule.code, rule.message, rule.hint);
  else at.inside(key, () => report(rule, rest, at));
}

function isReasoningModel(model: string): boolean {
  return /^o[134](?:[-:]|$)/.test(model) || (isAtLeastGpt(model, 5) && !model.includes("-chat"));
}

/** Those of which such answers were seen. */
function isChatModel(model: string): boolean {
  return /^(?:gpt-(?:3\.5-turbo(?!-instruct)|4|5)|chatgpt-|o[134](?:-|$))/.test(model);
}

function isOlderThanReasoning(model: string): boolean {
  return /^(?:gpt-4|gpt-3\.5|chatgpt-4o)/.test(model);
}

function isAtLeastGpt(model: string, version: number): boolean {
  const match = /^gpt-(\d+(?:\.\d+)?)(?:[-:]|$)/.exec(model);
  return match !== null && Number(match[1]) >= version;
}

function effortOf(body: Body): unknown {
  return isObject(body.reasoning) ? body.reasoning.effort : body.reasoning_effort;
}

function verbosityOf(body: Body): unknown {
  return isObject(body.text) ? body.text.verbosity : body.verbosity;
}

function hasFunctionTools({ tools }: Body): boolean {
  return Array.isArray(tools) && tools.some((tool) => isObject(tool) && tool.type === "function");
}
