import { isObject } from "../../api/index.js";
import { toErrorCode } from "../../outcome/index.js";
import { findImages, type Result } from "../../results/index.js";
import type { DetailAnswer, DetailProblem } from "../wire/row-detail.js";

/** What was answered, if anything was. */
export function toDetailAnswer(result: Result): DetailAnswer | undefined {
  if (result.status !== "succeeded") return undefined;
  const { text, refusal, toolCalls, finish, note, usage, body } = result;
  const images = findImages(result);
  const isElsewhere = text !== undefined || refusal !== undefined || toolCalls.length + images.length > 0;
  const model = isObject(body) ? body.model : undefined;
  return {
    ...{ text, refusal, finish, note: note?.message },
    toolCalls: toolCalls.map((call) => ({ name: call.name, arguments: call.arguments })),
    images: images.filter(({ kind }) => kind === "base64").length,
    imagesElsewhere: images.filter(({ kind }) => kind === "url").length,
    body: isElsewhere ? undefined : JSON.stringify(body, null, 2),
    model: typeof model === "string" ? model : undefined,
    usage: usage === undefined ? undefined : { input: usage.input_tokens, output: usage.output_tokens },
  };
}

/** Why there is no answer, or none that can be used. */
export function toDetailProblem(result: Result): DetailProblem | undefined {
  switch (result.status) {
    case "succeeded": {
      const { problem } = result;
      if (problem === undefined) return undefined;
      const issues = (problem.issues ?? []).map(({ path, message }) => ({
        path: (path ?? []).map(String),
        message,
      }));
      return { ...words(problem), statusCode: undefined, issues };
    }
    case "failed":
    case "expired":
    case "cancelled": {
      const { error } = result;
      const statusCode = result.status === "failed" ? result.statusCode : undefined;
      return { code: toErrorCode(error), message: error.message, hint: undefined, statusCode, issues: [] };
    }
    case "unreadable":
      return { ...words(result.problem), statusCode: undefined, issues: [] };
    case "missing":
      return undefined;
    default:
      return result satisfies never;
  }
}

function words({ code, message, hint }: Pick<DetailProblem, "code" | "message" | "hint">) {
  return { code, message, hint };
}

/** What is searched for texts in a result. */
export function listResultTexts(result: Result): readonly string[] {
  const answer = toDetailAnswer(result);
  const isParsed = result.status === "succeeded" && result.parsed !== undefined;
  return [
    result.custom_id,
    ...[answer?.text, answer?.refusal, answer?.body, toDetailProblem(result)?.message],
    ...(answer?.toolCalls ?? []).flatMap((call) => [call.name, call.arguments]),
    isParsed ? JSON.stringify(result.parsed) : undefined,
  ].filter((text) => text !== undefined);
}
