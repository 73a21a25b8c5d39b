import { isAboutDay, isAboutKey, isAboutModel, isAboutQuota, isAboutSize, namesOf } from "./error-names.js";
import type { CauseKind, FailedOutcome, JudgedRequest } from "./outcome.js";
import type { ServerAnswer } from "./server-answer.js";
import type { ServiceError } from "./service-error.js";
import { isOutage, isPassingStatus, isRedirect, isSuccessStatus } from "./statuses.js";
import { toServerWords } from "./to-server-words.js";

/** Why a request failed, where that may fail others too. */
export interface Cause {
  readonly kind: CauseKind;
  /** What was seen, as it stands in brackets: `status 401`, `it was refused, ECONNREFUSED`. */
  readonly seen: string;
  /** The system's own code, where there was no answer. */
  readonly systemCode?: string | undefined;
  /** The server's own words, on one line. */
  readonly said?: string | undefined;
  /** What the server calls it, a single word. */
  readonly name?: string | undefined;
  /** Whether the answer was streamed, which nobody asked for. */
  readonly isStream?: boolean | undefined;
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

/** What a request may name or ask for beside its model, so that 404 is its own. OpenRouter: "No endpoints found that support tools". */
const objectMessage =
  /\b(?:previous response|conversation|file|prompt|vector store|image|container|item|tool|message|response) (?:object|with|id|'|"|`)|\b(?:file|resp|conv|pmpt|vs|msg|cntr)[-_]\w{6,}|\bno endpoints found\b/i;

const placeName = /country|region|territory/;
const placeMessage = /\b(?:country|countries|region|territory|location|network|ip address)\b/i;
/** Google says it with 400, as of what a request holds. */
const ownPlaceMessage =
  /^user location is not supported\b|\bis not available in your (?:country|region|location)\b/i;
const rightsMessage = /\b(?:api[ _-]?key|permissions?|scopes?|credentials?|authenti\w+|authori[sz]\w+)\b/i;
const accessMessage =
  /\b(?:access|forbidden)\b|\b(?:account|organi[sz]ation|project|team|api|service)\b.{0,60}\b(?:disabled|deactivated|suspended|not enabled)\b/i;
/** Google's `PERMISSION_DENIED`, which it writes also of an API that the project has not enabled. */
const accessName = /^(?:permission|forbidden|request_?forbidden|access)[_-]?(?:denied|error)?(?:exception)?$/;
const ownRefusal = /\b(?:flagged|moderation|policy|safety|harmful|violat\w+|guidelines)(?:\b|_)/i;

/** What is seen of the cause that a failure has, and what the server says of it. */
export function describeCause(
  { status, header, body }: ServerAnswer,
  { cause: kind, statusCode, error }: FailedOutcome,
): Cause | undefined {
  if (kind === undefined) return undefined;
  // It is not followed, so that the key stays where it belongs.
  if (kind === "redirect") return { kind, seen: `status ${status}`, location: header("location") };
  const inside = statusCode === status ? "" : `, with an error of ${statusCode} in it`;
  const said = body.trim() === "" ? undefined : toServerWords(error.message);
  return { kind, seen: `status ${status}${inside}`, said, name: [error.code, error.type].find(isName) };
}

/** Whether it is a word such as `invalid_api_key`, and no text that may quote the request. */
function isName(word: string | undefined): boolean {
  return word !== undefined && /^[a-z][\w.-]{0,63}$/i.test(word);
}

/** Whether a failure may be everyone's, or everyone's to the same model or url. */
export function recogniseKind(
  {
    statusCode: status,
    error,
    inside,
  }: Pick<FailedOutcome, "error" | "inside"> & { readonly statusCode: number },
  { model }: JudgedRequest,
): CauseKind | undefined {
  if (isSuccessStatus(status)) return undefined;
  if (isRedirect(status)) return "redirect";
  // A server that says so within a success is there: it is one of those behind it that is not.
  if (isOutage(status)) return inside === undefined ? "outage" : undefined;
  if (isAboutQuota(status, error)) return "quota";
  if (isPassingStatus(status)) return recogniseLimit(status, error);
  // Google and OpenRouter say it of a day with 403, too.
  if (status === 403 && isAboutDay(error)) return "daily";
  if (model !== undefined && status !== 401 && isAboutModel(status, error)) return "model";
  if (isAboutKey(status, error)) return "key";
  switch (status) {
    case 400:
      return ownPlaceMessage.test(error.message) ? "access" : undefined;
    case 403:
      return recogniseRefusal(error);
    case 404:
      return error.param !== undefined || objectMessage.test(error.message) ? undefined : "url";
    case 405:
      return "url";
    default:
      return undefined;
  }
}

function recogniseLimit(status: number, error: ServiceError): "rate" | "daily" | undefined {
  if (status !== 429 || isAboutSize(error)) return undefined;
  return isAboutDay(error) ? "daily" : "rate";
}

function recogniseRefusal(error: ServiceError): "key" | "access" | undefined {
  const { message } = error;
  if (ownRefusal.test(message)) return undefined;
  if (placeMessage.test(message) || namesOf(error).some((name) => placeName.test(name))) return "access";
  if (rightsMessage.test(message)) return "key";
  const isRefused = accessMessage.test(message) || namesOf(error).some((name) => accessName.test(name));
  return isRefused ? "access" : undefined;
}
