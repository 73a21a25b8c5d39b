import { isObject } from "../api/index.js";
import { isOutage } from "./retry-policy.js";
import type { ServerAnswer } from "./server-answer.js";
import { toServerWords } from "./to-server-words.js";

/** Why a request failed, where that may fail others too. */
export interface Cause {
  readonly kind:
    | "server"
    | "outage"
    | "body"
    | "key"
    | "access"
    | "quota"
    | "rate"
    | "model"
    | "url"
    | "redirect";
  /** What was seen, as it stands in brackets: `status 401`, `it was refused, ECONNREFUSED`. */
  readonly seen: string;
  /** The system's own code, where there was no answer. */
  readonly systemCode?: string | undefined;
  /** The server's own words, on one line. */
  readonly said?: string | undefined;
  /** Where a redirect leads to, as the server wrote it. */
  readonly location?: string | undefined;
}

/** The system's codes for a connection that was never made. */
const unreached: ReadonlySet<string | undefined> = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Whether a request that hit it never came to the server: it cannot be the request's own. */
export function isUnreached({ kind, systemCode }: Cause): boolean {
  return kind === "server" && unreached.has(systemCode);
}

/** What an error of a server says, wherever the server writes it. */
interface ServerError {
  readonly message: string;
  /** `code` and `type`, in lower case. */
  readonly names: readonly string[];
  readonly param: string | undefined;
}

/** As OpenAI, Moonshot, DeepSeek, Alibaba and the gateways one-api and new-api write it, read November 2026. */
const quotaNames =
  /^(?:insufficient_(?:quota|credits?|balance|funds|user_quota)|exceeded_current_quota_error|arrearage|billing_\w+)$/;

const modelNames =
  /^(?:model_?not_?(?:found|exists?|available|supported)|model_decommissioned|invalid_model|unknown_model|deployment_?not_?found)$/;

/**
 * OpenAI, Groq, vLLM: "The model `x` does not exist"; Ollama: `model "x" not found, try pulling it first`; DeepSeek: "Model
 * Not Exist"; OpenRouter: "x is not a valid model ID"; LiteLLM: "Invalid model name passed in model=x"; LM Studio: "No models loaded".
 */
const modelMessage =
  /\bmodels?\b.{0,200}\b(?:not found|not exist|doesn't exist|not a valid|not deployed|decommissioned|has been (?:deprecated|retired|removed))|\b(?:invalid|unknown|no such|not a valid|unable to access) model\b|\bno models? (?:is |are )?(?:loaded|found)\b/is;

/** What a request may name beside its model, so that 404 is its own. */
const objectMessage =
  /\b(?:previous response|conversation|file|prompt|vector store|image|container|item|tool|message|response) (?:object|with|id|'|"|`)|\b(?:file|resp|conv|pmpt|vs|msg|cntr)[-_]\w{6,}/i;

const placeName = /country|region|territory/;
const placeMessage = /\b(?:country|countries|region|territory|location|network|ip address)\b/i;
const keyMessage = /\b(?:api[ _-]?key|permissions?|scopes?|credentials?|authenti\w+|authori[sz]\w+)\b/i;
const accessMessage = /\b(?:access|forbidden)\b/i;
const ownRefusal = /\b(?:flagged|moderation|policy|safety|harmful)\b/i;

const noEndpointMessage = /^unexpected endpoint or method/i;

/** Whether an error that a server answered with may be everyone's, or everyone's to the same model or url. */
export function recogniseCause(
  { status, header, body }: ServerAnswer,
  json: unknown,
  { model }: { readonly model: string | undefined },
): Cause | undefined {
  const seen = `status ${status}`;
  // It is not followed, so that the key stays where it belongs.
  if (status < 400) return { kind: "redirect", seen, location: header("location") };
  const error = toServerError(json);
  const kind = recogniseKind(status, error, model);
  if (kind === undefined) return undefined;
  return { kind, seen, said: body.trim() === "" ? undefined : toServerWords(error.message) };
}

/** LM Studio answers so to an endpoint that it does not have: lmstudio-bug-tracker 618, read November 2026. */
export function recogniseOddSuccess(json: unknown): Cause | undefined {
  if (!isObject(json) || typeof json.error !== "string" || !noEndpointMessage.test(json.error))
    return undefined;
  return { kind: "url", seen: "status 200, with an error that says so" };
}

function recogniseKind(
  status: number,
  error: ServerError,
  model: string | undefined,
): Cause["kind"] | undefined {
  if (isOutage(status)) return "outage";
  if (status >= 500 || status === 408 || status === 409) return undefined;
  if (status === 402 || error.names.some((name) => quotaNames.test(name))) return "quota";
  if (status === 401 || status === 407) return "key";
  if (isAboutModel(status, error, model)) return "model";
  switch (status) {
    case 403:
      return recogniseRefusal(error);
    case 404:
      return error.param !== undefined || objectMessage.test(error.message) ? undefined : "url";
    case 405:
      return "url";
    case 429:
      return "rate";
    default:
      return undefined;
  }
}

function recogniseRefusal({ message, names }: ServerError): "key" | "access" | undefined {
  if (ownRefusal.test(message)) return undefined;
  if (placeMessage.test(message) || names.some((name) => placeName.test(name))) return "access";
  if (keyMessage.test(message)) return "key";
  return accessMessage.test(message) ? "access" : undefined;
}

function isAboutModel(status: number, error: ServerError, model: string | undefined): boolean {
  if (model === undefined || ![400, 403, 404, 422].includes(status)) return false;
  if (error.names.some((name) => modelNames.test(name))) return true;
  if (status === 404 && error.param === "model") return true;
  return modelMessage.test(error.message);
}

/** `{"error": {…}}` as OpenAI writes it, `{"error": "…"}`, `{"detail": "…"}` of FastAPI, or the error itself, as older vLLM. */
function toServerError(json: unknown): ServerError {
  const body = isObject(json) ? json : {};
  const error = isObject(body.error) ? body.error : body;
  const message = [body.error, error.message, body.detail].find((text) => typeof text === "string");
  return {
    message: typeof message === "string" ? message.slice(0, 2000) : "",
    names: [error.code, error.type]
      .filter((name) => typeof name === "string")
      .map((name) => name.toLowerCase()),
    param: typeof error.param === "string" ? error.param : undefined,
  };
}
