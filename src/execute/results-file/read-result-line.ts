import { isUtf8 } from "node:buffer";
import { isObject } from "../../api/index.js";
import { readLineId, toLineKind, toLineText, withoutByteOrderMark } from "../../batch-file/index.js";
import { tryParseJson } from "../../jsonl/index.js";
import {
  type AnsweredOutcome,
  answerMembers,
  type FailureName,
  findForeignService,
  isSuccessStatus,
  judgeLine,
  kindOfFinish,
  nameFailure,
  type RequestOutcome,
} from "../../outcome/index.js";
import { isRehearsalModel } from "../../rehearse/index.js";

/** What a line of a results file says about its request, as far as a run needs to know. */
export interface FoundResult {
  readonly kind: "result";
  readonly custom_id: string;
  /** Why the request failed, as `openResults` tells it; `undefined` for a success. */
  readonly failure: FailureName | undefined;
  /** The judgement behind it; `undefined` for a success. */
  readonly outcome: Exclude<RequestOutcome, AnsweredOutcome> | undefined;
  /** Whether it says that the request was not executed: it expired, or was cancelled, before there was an answer. */
  readonly isUnexecuted: boolean;
  /** Whether the answer names its model as made up; `undefined` where it names none. */
  readonly isRehearsal: boolean | undefined;
}

/** A line that is no result. */
export interface NoResult {
  /** `request`: a line of a batch file. */
  readonly kind: "request" | "other";
  /** Whose line it is, where it has the shape of another service. */
  readonly service?: string | undefined;
}

const headBytes = 512;

/** The beginning of an answer's line as a `ResultsWriter` writes it. */
const ownBeginning =
  /^\{"id":"batch_req_[0-9a-f]{32}","custom_id":("(?:[^"\\]|\\.)*"),"response":\{"status_code":(\d+),"request_id":"[^"\\]*","body":\{/;
const ownEnd = Buffer.from('},"error":null}');

/**
 * Where one of these stands in a line, only the whole of it tells what it means. They are beginnings of words, for Node
 * searches several times as fast for less than eight bytes.
 */
const doubtful = ['"failed', '"cancel', '"rehear', '"base_r', '{"id":"batch_req_', "\0"].map((text) =>
  Buffer.from(text),
);
const errorKey = Buffer.from('"error"');
const answerKeys = answerMembers.map((name) => Buffer.from(`"${name}"`));
/** A list, an object or a text. */
const filledValue = /^\s*:\s*[[{"]/;
const finishKey = Buffer.from('"finish');
/** Empty for `null`. */
const finishValue = /^_reason"\s*:\s*(?:null|"([\w-]*)")/;
const nullValue = /^\s*:\s*null\b/;

/**
 * Reads a line of a results file, of openbatch or of a service. A success as openbatch itself writes it is not parsed to its
 * end: an answer may hold megabytes.
 */
export function readResultLine(bytes: Buffer): FoundResult | NoResult {
  return readOwnLine(bytes) ?? parseResultLine(bytes);
}

function readOwnLine(bytes: Buffer): FoundResult | undefined {
  const found = ownBeginning.exec(bytes.toString("utf8", 0, headBytes));
  if (found?.[1] === undefined || !isSuccessStatus(Number(found[2]))) return undefined;
  if (!bytes.subarray(-ownEnd.length).equals(ownEnd)) return undefined;
  if (doubtful.some((text) => bytes.indexOf(text, 1) !== -1)) return undefined;
  if (!holdsAnswer(bytes) || holdsError(bytes) || mayEndBadly(bytes) || !isUtf8(bytes)) return undefined;
  return {
    kind: "result",
    custom_id: JSON.parse(found[1]),
    failure: undefined,
    outcome: undefined,
    isUnexecuted: false,
    isRehearsal: false,
  };
}

/** Whether there is what answers hold. Within a text, its name would not stand between quotation marks. */
function holdsAnswer(bytes: Buffer): boolean {
  return answerKeys.some((key) => {
    const at = bytes.indexOf(key);
    return at !== -1 && filledValue.test(bytes.toString("latin1", at + key.length, at + key.length + 16));
  });
}

/** Whether there is an `error` that is not null. */
function holdsError(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(errorKey); at !== -1; at = bytes.indexOf(errorKey, at)) {
    at += errorKey.length;
    if (!nullValue.test(bytes.toString("latin1", at, at + 16))) return true;
  }
  return false;
}

/** Whether a word with which a choice ends may be that of a failure. */
function mayEndBadly(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(finishKey); at !== -1; at = bytes.indexOf(finishKey, at)) {
    at += finishKey.length;
    const [, word] = finishValue.exec(bytes.toString("latin1", at, at + 64)) ?? [];
    const kind = kindOfFinish(word ?? "stop");
    if (word === undefined || kind === "failed" || kind === "not now") return true;
  }
  return false;
}

/** The same for a line that may break off: only its whole tells. An answer may itself hold what ends a line of ours. */
export function parseResultLine(bytes: Buffer): FoundResult | NoResult {
  const line = tryParseJson(toLineText(bytes));
  if (!isObject(line)) return { kind: "other" };
  const { response } = line;
  const kind = toLineKind(line);
  if (kind === "request") return { kind };
  const isText = isUtf8(bytes);
  const custom_id = kind === "result" ? readLineId(withoutByteOrderMark(bytes)) : undefined;
  if (custom_id === undefined) return { kind: "other", service: findForeignService(line) };
  const judged: RequestOutcome = isText ? judgeLine(line) : { status: "unreadable" };
  const outcome = judged.status === "succeeded" ? undefined : judged;
  const failure = nameFailure(judged);
  const body = isObject(response) ? response.body : undefined;
  const isUnexecuted = (judged.status === "expired" || judged.status === "cancelled") && !isObject(body);
  const model = isObject(body) ? body.model : undefined;
  const isRehearsal = typeof model === "string" ? isRehearsalModel(model) : undefined;
  return { kind: "result", custom_id, failure, outcome, isUnexecuted, isRehearsal };
}
