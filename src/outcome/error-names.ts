import type { ServiceError } from "./service-error.js";
import { toStatus } from "./statuses.js";

/** What an account without money or quota is told, which stays without, however often it is asked. */
const quotaNames =
  /^(?:insufficient_(?:quota|credits?|balance|funds|user_quota)|exceeded_current_quota_error|quota_exceeded|arrearage|billing_\w+|credits?_\w+|payment_required|1113)$/;

/**
 * DeepSeek: "Insufficient Balance"; OpenRouter: "Insufficient credits"; xAI: "has either used all available credits or reached its
 * monthly spending limit"; Anthropic: "Your credit balance is too low". Not "exceeded your current quota": Gemini says so of a minute.
 */
const quotaMessage =
  /\b(?:insufficient|not enough|no (?:remaining|available)|out of|used all(?: available)?|exhausted(?: all)?(?: your)?) (?:account )?(?:credits?|balance|funds)\b|\b(?:credit )?balance is (?:too low|not enough|insufficient|exhausted)\b|\bspending limit\b/i;

const keyNames =
  /^(?:(?:invalid|incorrect|missing|wrong|expired)_(?:api_?key|authentication|auth)|api_key_(?:invalid|expired)|authentication_error|authenticationerror|invalid_api_key_error|unauthenticated|unauthorized)$/;

/** xAI says it with 400: "Incorrect API key provided"; Google too: "API key not valid. Please pass a valid API key." */
const keyMessage =
  /\b(?:incorrect|invalid|wrong|missing|expired|no) api[ _-]?key\b|\bapi[ _-]?key (?:is |was |has )?(?:not valid|invalid|incorrect|missing|expired|not found)\b/i;

const modelNames =
  /^(?:model_?not_?(?:found|exists?|available|supported)|model_decommissioned|invalid_model|unknown_model|deployment_?not_?found)$/;

/**
 * OpenAI, Groq, vLLM: "The model `x` does not exist"; Ollama: `model "x" not found, try pulling it first`; DeepSeek: "Model
 * Not Exist"; OpenRouter: "x is not a valid model ID"; LiteLLM: "Invalid model name passed in model=x"; LM Studio: "No models loaded".
 */
const modelMessage =
  /\bmodels?\b.{0,200}\b(?:not found|not exist|doesn't exist|not a valid|not deployed|decommissioned|has been (?:deprecated|retired|removed))|\b(?:invalid|unknown|no such|not a valid|unable to access) model\b|\bno models? (?:is |are )?(?:loaded|found)\b/is;

/** OpenRouter: "free-models-per-day"; Gemini names the quota `GenerateRequestsPerDayPerProject…`; Groq: "tokens per day (TPD)". */
const dailyWords = /\bper[ _-]day\b|PerDay|\bdaily (?:limit|quota|rate)|\b[rt]pd\b/i;

/** LM Studio answers so, with 200, to an endpoint that it does not have: lmstudio-bug-tracker 618, read November 2026. */
const noEndpointMessage = /^unexpected endpoint or method/i;

/**
 * The status that an error names which came with a success. Source: `Response.error` of openai-node 6.49, Anthropic's table of
 * errors, Google's gRPC codes, MiniMax' `base_resp`, the finish reasons of DeepSeek and vLLM, read November 2026.
 */
const statusByName: ReadonlyMap<string, number> = new Map(
  Object.entries({
    400: "invalid_argument failed_precondition 2013",
    401: "authentication_error unauthenticated invalid_api_key 1004 2049",
    402: "billing_error insufficient_quota insufficient_balance insufficient_credits exceeded_current_quota_error 1008",
    403: "permission_error permission_denied",
    404: "not_found_error model_not_found",
    408: "vector_store_timeout",
    413: "request_too_large",
    429: "rate_limit_exceeded rate_limit_error resource_exhausted too_many_requests 1002 1039 1041",
    500: "server_error internal_error internal api_error 1000 1013",
    503: "unavailable service_unavailable insufficient_system_resource abort",
    504: "timeout_error deadline_exceeded 1001",
    529: "overloaded_error",
  }).flatMap(([status, names]) => names.split(" ").map((name) => [name, Number(status)] as const)),
);

/** The status that an error names, by its number, its code or its type. */
export function statusOfError(error: ServiceError): number | undefined {
  if (noEndpointMessage.test(error.message)) return 404;
  const named = namesOf(error).map((name) => statusByName.get(name));
  return toStatus(error.code) ?? named.find((status) => status !== undefined);
}

export function isAboutQuota(status: number | undefined, error: ServiceError): boolean {
  if (status === 402 || namesOf(error).some((name) => quotaNames.test(name))) return true;
  return status !== undefined && [400, 403, 429].includes(status) && quotaMessage.test(error.message);
}

export function isAboutDay(error: ServiceError): boolean {
  return dailyWords.test(error.message);
}

/** Whether an error says, with whatever status of a wrong request, that the key is the wrong one. */
export function isAboutKey(status: number, error: ServiceError): boolean {
  if (status === 401 || status === 407) return true;
  if (status !== 400 && status !== 403) return false;
  return namesOf(error).some((name) => keyNames.test(name)) || keyMessage.test(error.message);
}

export function isAboutModel(status: number, error: ServiceError): boolean {
  if (![400, 403, 404, 422].includes(status)) return false;
  if (namesOf(error).some((name) => modelNames.test(name))) return true;
  return (status === 404 && error.param === "model") || modelMessage.test(error.message);
}

/** `code` and `type`, in lower case. */
export function namesOf({ code, type }: ServiceError): readonly string[] {
  return [code, type].filter((name) => name !== undefined).map((name) => name.toLowerCase());
}
