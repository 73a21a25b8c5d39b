import type { ServiceError } from "./service-error.js";
import { toStatus } from "./statuses.js";

/** What an account without money or quota is told, which stays without, however often it is asked. Folded. */
const quotaNames =
  /^(?:insufficient(?:user)?(?:quota|credits?|balance|funds)|exceededcurrentquota|quotaexceeded|arrearage|billing\w*|budgetexceeded|credits?\w+|payment\w*|spendlimit\w*|allocationquotafreetieronly|1008|1113)$/;

/**
 * DeepSeek: "Insufficient Balance"; OpenRouter: "Insufficient credits", "Key limit exceeded (total limit)"; xAI: "has either used all
 * available credits or reached its monthly spending limit", "doesn't have any credits"; Anthropic: "Your credit balance is too
 * low"; LiteLLM: "Budget has been exceeded!", "ExceededTokenBudget"; Azure's gateway: "Out of call volume quota"; Cohere: "limited to
 * 1000 API calls / month". Not "exceeded your current quota": Gemini says so of a minute; nor "No credits were charged", which
 * OpenRouter says of a flagged prompt.
 */
const quotaMessage = new RegExp(
  [
    String.raw`\b(?:insufficient|not enough|no|no (?:remaining|available|more)|out of|used all(?: available)?|(?:does|do)(?:n't| not) have any|exhausted(?: all)?(?: your)?) (?:account )?(?:credits?|balance|funds)\b(?! (?:were|was) charged)`,
    String.raw`\binsufficient (?:user )?quota\b|\bcall volume quota\b|\bcalls? ?(?:/|per) ?month\b`,
    String.raw`(?<!\b(?:thinking|reasoning|token) )\bbudget has been exceeded\b|\bexceeded ?(?:token ?)?budget\b`,
    String.raw`\b(?:credits?|balance|funds) (?:is|are|was|were|has been|have been)? ?(?:too low|not enough|insufficient|exhausted|depleted|used up)\b`,
    String.raw`\b(?:spend(?:ing)?|billing) (?:hard )?(?:limit|cap)\b|\bmonthly (?:quota|limit|usage)\b`,
    String.raw`\bpayment (?:is )?required\b|\bbilling is not (?:enabled|active)\b|\bkey limit exceeded \((?!daily)`,
  ].join("|"),
  "i",
);

/** Folded. */
const keyNames =
  /^(?:(?:invalid|incorrect|missing|wrong|expired|no)(?:x?api)?(?:key|token|accesstoken|authentication|auth|credentials?)|apikey(?:invalid|expired|missing|notfound|disabled|revoked)|authentication(?:failed|required)?|invalidapikey|unauthenticated|unauthorized|1004|2049)$/;

/**
 * xAI says it with 400: "Incorrect API key provided"; Google too: "API key not valid. Please pass a valid API key."; Moonshot:
 * "Invalid Authentication"; Anthropic: "invalid x-api-key"; DeepSeek: "Authentication Fails".
 */
const keyMessage = new RegExp(
  [
    String.raw`\b(?:incorrect|invalid|wrong|missing|expired|no|provide an?) (?:x-)?api[ _-]?(?:key|token)\b`,
    String.raw`\bapi[ _-]?key (?:(?:provided )?(?:is|was|has|has been|appears to be|seems to be) )?(?:not valid|invalid|incorrect|missing|expired|not found|disabled|revoked|deleted|suspended)\b`,
    String.raw`\binvalid (?:authentication|authorization|credentials?|(?:access|auth|bearer) token)\b`,
    String.raw`\bauthentication (?:failed|fails|error|(?:is )?required)\b|\baccess token is (?:missing|invalid|expired)\b`,
    "^(?:unauthorized|invalid token)[.!]?$",
  ].join("|"),
  "i",
);

/** Folded. */
const modelNames =
  /^(?:modelnot(?:found|exists?|available|supported)|modeldecommissioned|invalidmodel|unknownmodel|deploymentnotfound)$/;

/**
 * OpenAI, Groq, vLLM: "The model `x` does not exist"; Ollama: `model "x" not found, try pulling it first`; DeepSeek: "Model
 * Not Exist"; OpenRouter: "x is not a valid model ID", "No endpoints found for x", "No endpoints found matching your data policy";
 * LiteLLM: "Invalid model name passed in model=x"; LM Studio: "No models loaded", "Failed to load
 * model "x"".
 */
const modelMessage =
  /^failed to load model\b|\bmodels?\b.{0,200}\b(?:not found|not exist|doesn't exist|not a valid|not deployed|decommissioned|has been (?:deprecated|retired|removed))|\b(?:invalid|unknown|no such|not a valid|unable to access) model\b|\bno models? (?:is |are )?(?:loaded|found)\b|\bno (?:allowed )?(?:endpoints|providers) (?:found|(?:are )?available) (?:for|matching)\b/is;

/** OpenRouter: "free-models-per-day"; Gemini names the quota `GenerateRequestsPerDayPerProject…`; Groq: "tokens per day (TPD)". */
const dailyWords =
  /\bper[ _-]day\b|PerDay|\bdaily\b|\d ?\/ ?day\b|requests\/day\b|\b[rt]pd\b|\b24[ -]?h(?:ou)?rs?\b|\bfor today\b/i;

/** `daily_limit_exceeded`, Google's `dailyLimitExceeded`. */
const dailyNames = /daily|per_?day/;

/** LM Studio answers so, with 200, to an endpoint that it does not have: lmstudio-bug-tracker 618, read November 2026. */
const noEndpointMessage = /^unexpected endpoint or method|^not found[.!]?$/i;

/**
 * The status that an error names which came with a success, its name folded. Source: `Response.error` of openai-node 6.49,
 * Anthropic's table of errors, Google's gRPC codes by name and by number, MiniMax' `base_resp`, the finish reasons of DeepSeek
 * and vLLM, read November 2026.
 */
const statusByName: ReadonlyMap<string, number> = new Map(
  Object.entries({
    400: "invalidargument failedprecondition badrequest invalidrequest 2013 3",
    401: "16",
    403: "permission permissiondenied forbidden accessdenied 7",
    404: "notfound 5",
    408: "vectorstoretimeout requesttimeout",
    413: "requesttoolarge",
    429: "ratelimit ratelimitexceeded ratelimited resourceexhausted toomanyrequests throttled throttling throttlingratequota 1002 1039 1041 1302 8",
    500: "server internalserver internal api 1000 1013 13",
    503: "unavailable serviceunavailable insufficientsystemresource modeloverloaded engineoverloaded serveroverloaded network abort aborted cancelled canceled 14",
    504: "timeout deadlineexceeded gatewaytimeout 1001 4",
    529: "overloaded",
  }).flatMap(([status, names]) => names.split(" ").map((name) => [name, Number(status)] as const)),
);

/** What a message says that has no name beside it, and what `429 Too Many Requests` begins with. */
const statusByMessage: readonly (readonly [words: RegExp, status: number])[] = [
  [/\brate[ _-]?limit(?:s|ed|ing)?\b|\btoo many requests\b/i, 429],
  [
    /\boverloaded\b|\b(?:over|at) capacity\b|\b(?:temporarily|service) unavailable\b|\b(?:server|system) is (?:too )?busy\b/i,
    503,
  ],
  [/\binternal server error\b/i, 500],
  [/\bbad gateway\b/i, 502],
  [/\bgateway time-?out\b/i, 504],
];
const writtenStatus = /^(?:(?:http|error|code|status)[ :]*)*([45]\d\d)\b/i;

/**
 * What passes though its status blames the request. OpenAI: "Timeout while downloading https://…"; LM Studio, which loads a model
 * anew that broke down: "The model has crashed without additional information", "Model reloaded.", "Failed to load model "x". Error:
 * Operation canceled." Read November 2026.
 */
const passingMessage =
  /^timeout while downloading\b|^the model has crashed\b|^model (?:un|re)loaded\b|^failed to load model\b.{0,200}\boperation cancell?ed\b/is;

/** OpenAI: "Request too large for gpt-4o … Limit 30000, Requested 31756. The input or output tokens must be reduced in order to run". */
const tooLargeMessage = /^request too large\b.{0,400}\btokens must be reduced\b/is;

/** The status that an error names which came with a success: by a number, its code, its type, or its words. */
export function statusOfError(error: ServiceError): number | undefined {
  if (noEndpointMessage.test(error.message)) return 404;
  const names = foldedNamesOf(error);
  const named = names.map((name) => statusByName.get(name)).find((status) => status !== undefined);
  return toStatus(error.code) ?? named ?? statusOfNames(names) ?? statusOfMessage(error.message);
}

function statusOfNames(names: readonly string[]): number | undefined {
  if (names.some((name) => quotaNames.test(name))) return 402;
  if (names.some((name) => keyNames.test(name))) return 401;
  return names.some((name) => modelNames.test(name)) ? 404 : undefined;
}

function statusOfMessage(message: string): number | undefined {
  const [, written] = writtenStatus.exec(message) ?? [];
  if (written !== undefined) return Number(written);
  if (quotaMessage.test(message)) return 402;
  if (keyMessage.test(message)) return 401;
  return statusByMessage.find(([words]) => words.test(message))?.[1];
}

export function isAboutQuota(status: number | undefined, error: ServiceError): boolean {
  if (status === 402 || foldedNamesOf(error).some((name) => quotaNames.test(name))) return true;
  return quotaMessage.test(error.message);
}

/** Whether the same request may pass later, whatever is said of it. */
export function isAboutMoment(status: number, { message }: ServiceError): boolean {
  return status === 400 && passingMessage.test(message);
}

/** Whether a limit is said to be smaller than the request: it never passes. */
export function isAboutSize({ message }: ServiceError): boolean {
  return tooLargeMessage.test(message);
}

export function isAboutDay(error: ServiceError): boolean {
  return dailyWords.test(error.message) || namesOf(error).some((name) => dailyNames.test(name));
}

/** Whether an error says, with whatever status of a wrong request, that the key is the wrong one. */
export function isAboutKey(status: number, error: ServiceError): boolean {
  if (status === 401 || status === 407) return true;
  if (![400, 403, 422].includes(status)) return false;
  return foldedNamesOf(error).some((name) => keyNames.test(name)) || keyMessage.test(error.message);
}

export function isAboutModel(status: number, error: ServiceError): boolean {
  if (![400, 403, 404, 422].includes(status) || isAboutMoment(status, error)) return false;
  if (foldedNamesOf(error).some((name) => modelNames.test(name))) return true;
  return (status === 404 && error.param === "model") || modelMessage.test(error.message);
}

/** `code` and `type`, in lower case. */
export function namesOf({ code, type }: ServiceError): readonly string[] {
  return [code, type].filter((name) => name !== undefined).map((name) => name.toLowerCase());
}

/** `rate_limit_error`, `RateLimitError` and `rate-limit` are one name: `ratelimit`. */
function foldedNamesOf(error: ServiceError): readonly string[] {
  return namesOf(error).map((name) => name.replace(/[^a-z0-9]/g, "").replace(/(?:error|exception)$/, ""));
}
