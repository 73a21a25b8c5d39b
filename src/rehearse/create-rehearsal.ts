import {
  assertOptions,
  type Endpoint,
  flagOption,
  functionOption,
  isObject,
  type OptionRules,
  type RequestTarget,
  recogniseEndpoint,
} from "../api/index.js";
import { hashText, Random } from "../format/index.js";
import { tryParseJson } from "../jsonl/index.js";
import { toChatCompletion } from "./answers/chat-completion.js";
import { toCompletion } from "./answers/completion.js";
import { toEmbeddings } from "./answers/embeddings.js";
import type { EndpointAnswer } from "./answers/endpoint-request.js";
import { toEditedImages, toGeneratedImages } from "./answers/images.js";
import { messagesURL, toMessage, toMessageError } from "./answers/message.js";
import { toModeration } from "./answers/moderation.js";
import type { Rehearsal, RehearsalAnswer, RehearsalRequest, RehearsedResponse } from "./answers/rehearsal.js";
import { RehearsedError } from "./answers/rehearsed-error.js";
import { RequestCheck } from "./answers/request-check.js";
import { toResponse } from "./answers/response.js";
import { SchemaTexts } from "./answers/schema-texts.js";
import { toVideo } from "./answers/video.js";
import { toFaultError } from "./faults/fault-error.js";
import { type DecisiveFault, FaultPlan } from "./faults/fault-plan.js";
import type { RehearsalFault } from "./faults/rehearsal-fault.js";
import { type AnsweredRequest, askForAnswer, type OwnAnswer } from "./own-answer.js";

export interface RehearsalOptions {
  /**
   * What is to go wrong. Each is an object, or a text of the form `KIND:SHARE` or `KIND:CUSTOM_ID`: `"429:0.1"`,
   * `"refusal:row-7*"`. `:N` may follow, for the seconds of `429` and the milliseconds of `slow`; then `:xN`, for the first N
   * attempts alone: `"429:row-7*:2:x1"`. Of several that hit an attempt the first counts. Nothing goes wrong by default.
   */
  readonly faults?: readonly (RehearsalFault | string)[] | undefined;
  /** How long every answer takes, in milliseconds. 0 by default. */
  readonly delayMs?: number | undefined;
  /**
   * Whether a request with an error, as `validateBatchFile` finds it, is answered with 400: by OpenAI's rules in a server, by
   * those of `target: "openbatch"` in a run. Unknown parameters pass. True by default.
   */
  readonly checkRequests?: boolean | undefined;
  /**
   * Gives answers of one's own: a body, or the text that a model is to have written, or `undefined` for what is made up. It is asked for each
   * attempt that no fault hits.
   */
  readonly answers?: ((request: AnsweredRequest) => OwnAnswer) | undefined;
}

const optionRules: OptionRules<RehearsalOptions> = {
  faults: { isValid: Array.isArray, expected: 'an array, as in ["429:0.1"]', flag: "--fault" },
  delayMs: {
    isValid: (value) => typeof value === "number" && value >= 0 && Number.isFinite(value),
    expected: "a number of milliseconds",
  },
  checkRequests: { ...flagOption, flag: "--no-check-requests" },
  answers: functionOption,
};

const answers: Readonly<Record<Endpoint, EndpointAnswer>> = {
  "/v1/responses": toResponse,
  "/v1/chat/completions": toChatCompletion,
  "/v1/embeddings": toEmbeddings,
  "/v1/completions": toCompletion,
  "/v1/moderations": toModeration,
  "/v1/images/generations": toGeneratedImages,
  "/v1/images/edits": toEditedImages,
  "/v1/videos": toVideo,
};

/** 1 January 2026. Answers are dated in the half year after it. */
const earliest = 1_767_225_600;
const halfYear = 15_768_000;

/**
 * Makes up answers, the same for the same request, on every machine and in every run. What is missing
 * or has a wrong type is answered with 400 as far as an answer depends on it, and then what else the check calls an error. Tokens are four characters; an answer
 * longer than the request's own output limit is cut there, as a model's would be.
 * @param target whose rules requests are held to: "upload" for a server that stands for OpenAI.
 * @throws OpenbatchError `invalid_option`.
 */
export function createRehearsal(options: RehearsalOptions = {}, target: RequestTarget = "upload"): Rehearsal {
  assertOptions(options, optionRules);
  const { faults = [], delayMs = 0, checkRequests = true, answers: ownAnswers } = options;
  const plan = new FaultPlan(faults);
  const tools: Tools = {
    target,
    schemas: new SchemaTexts(),
    check: checkRequests ? new RequestCheck(target) : undefined,
    ownAnswers,
  };

  return {
    answer(request) {
      const seed = hashText(request.body, hashText(request.url));
      const { fault, delayMs: lateMs } = plan.for(request, seed);
      if (fault?.kind === "timeout") return { kind: "timeout" };
      // Member by member: a spread takes several times as long.
      const { target, schemas, check, ownAnswers } = tools;
      const state = { target, schemas, check, ownAnswers, random: new Random(seed), fault };
      const { status, headers, body } = toAnswer(request, state);
      return toBroken({ kind: "response", status, headers, body, delayMs: delayMs + lateMs }, fault);
    },
  };
}

/** What serves every request. */
interface Tools {
  readonly target: RequestTarget;
  readonly schemas: SchemaTexts;
  /** `undefined` where requests are not checked. */
  readonly check: RequestCheck | undefined;
  readonly ownAnswers: RehearsalOptions["answers"];
}

interface AnswerState extends Tools {
  readonly random: Random;
  readonly fault: DecisiveFault | undefined;
}

function toAnswer(
  request: RehearsalRequest,
  state: AnswerState,
): Pick<RehearsedResponse, "status" | "headers" | "body"> {
  const headers = { "content-type": "application/json", "x-request-id": `req_${state.random.hex(32)}` };
  try {
    return { status: 200, headers, body: toBody(request, state) };
  } catch (thrown) {
    const error = toRehearsedError(thrown);
    const body = request.url === messagesURL ? toMessageError(error) : error.toBody();
    return { status: error.status, headers: { ...headers, ...error.headers }, body };
  }
}

function toBody({ custom_id, url, body: text, isForm }: RehearsalRequest, state: AnswerState): string {
  const { random, fault, target, schemas, check, ownAnswers } = state;
  const endpoint = recogniseEndpoint(url);
  const isMessage = url === messagesURL;
  if (endpoint === undefined && !isMessage) throw new RehearsedError(404, `Invalid URL (POST ${url})`);
  const body = parseBody(text);
  const error = fault === undefined ? undefined : toFaultError(fault, String(body.model));
  if (error !== undefined) throw error;
  const created = earliest + random.below(halfYear);
  const ending = fault?.kind === "refusal" || fault?.kind === "truncation" ? fault.kind : "whole";
  // First, for what it refuses it says in the service's own words.
  const toAnswerOf = endpoint === undefined ? toMessage : answers[endpoint];
  const own = ending === "whole" ? askForAnswer(ownAnswers, { custom_id, url, body }) : undefined;
  const ownText = typeof own === "string" ? own : undefined;
  const answer = toAnswerOf({ body, target, random, created, schemas, ending, ownText });
  if (isForm !== true && endpoint !== undefined) check?.assert(endpoint, body);
  return typeof own === "object" ? JSON.stringify(own) : answer;
}

function parseBody(text: string): Readonly<Record<string, unknown>> {
  const body = tryParseJson(text);
  if (isObject(body)) return body;
  throw new RehearsedError(400, "We could not parse the JSON body of your request: it is no JSON object.");
}

function toRehearsedError(thrown: unknown): RehearsedError {
  if (thrown instanceof RehearsedError) return thrown;
  // The stack ran out.
  if (thrown instanceof RangeError)
    return new RehearsedError(400, "The body of your request is nested too deeply.");
  throw thrown;
}

/** A whole answer as it gets through. */
function toBroken(response: RehearsedResponse, fault: DecisiveFault | undefined): RehearsalAnswer {
  if (fault?.kind === "not_json") {
    const headers = { ...response.headers, "content-type": "text/html" };
    return {
      ...response,
      status: 200,
      headers,
      body: "<html><body><h1>Rehearsed: this is no JSON</h1></body></html>",
    };
  }
  if (fault?.kind !== "cut") return response;
  return { ...response, kind: "cut", sentBytes: Buffer.byteLength(response.body) >>> 1 };
}
