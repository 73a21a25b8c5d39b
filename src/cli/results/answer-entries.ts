import { formatCount } from "../../errors/index.js";
import type { Result } from "../../index.js";
import { toFlagWords } from "../frame/flag-words.js";
import { type PlaceMark, type TreeLine, toTreeLines } from "./value-tree.js";

/** Some lines under one label. */
export interface ShownEntry {
  readonly label: string;
  readonly lines: readonly TreeLine[];
  readonly kind: "asked" | "answered" | "wrong" | "aside";
}

type Answered = Extract<Result, { status: "succeeded" }>;

/** What came of a request, and what is wrong with it, at its place. */
export function toAnswerEntries(result: Result): readonly ShownEntry[] {
  switch (result.status) {
    case "succeeded":
      return [...toContents(result), ...toProblemEntries(result)];
    case "failed":
    case "expired":
    case "cancelled":
      return [toEntry("error", result.error.message || "(the service says nothing)", "wrong")];
    case "unreadable":
      return [
        toEntry("error", result.problem.message, "wrong"),
        toEntry("hint", toFlagWords(result.problem.hint), "aside"),
      ];
    case "missing":
      return [toEntry("error", "There is no result in the results files.", "wrong")];
    default:
      return result satisfies never;
  }
}

export function toEntry(label: string, text: string, kind: ShownEntry["kind"]): ShownEntry {
  return { label, kind, lines: [{ level: 0, text, isWrong: false }] };
}

function toContents(result: Answered): readonly ShownEntry[] {
  const { text, refusal, toolCalls, embeddings } = result;
  const entries = [
    ...(refusal === undefined ? [] : [toEntry("refusal", refusal, "answered")]),
    ...(text === undefined ? [] : [toTextEntry(result, text)]),
    ...toolCalls.map((call) => toEntry("call", `${call.name}(${call.arguments})`, "answered")),
    ...embeddings.map((vector) => toEntry("vector", toVectorText(vector), "answered")),
  ];
  if (entries.length > 0) return entries;
  return [{ label: "answer", kind: "answered", lines: toTreeLines(withoutLongTexts(result.body)) }];
}

/** The parsed answer, or what would have been parsed; a text as it is. */
function toTextEntry({ parsed, problem, finish }: Answered, text: string): ShownEntry {
  const kind = "answered";
  if (parsed !== undefined) return { label: "answer", kind, lines: toTreeLines(parsed) };
  const marks = toMarks(problem);
  const value = marks.length === 0 ? undefined : tryParse(text);
  if (value !== undefined) return { label: "answer", kind, lines: toTreeLines(value, marks) };
  const isCut = problem?.code === "truncated_answer" || problem?.code === "filtered_answer";
  const end = { level: 0, text: `^ it ends here (${finish ?? "cut off"})`, isWrong: true };
  return { label: "answer", kind, lines: [{ level: 0, text, isWrong: false }, ...(isCut ? [end] : [])] };
}

/** So many broken rules are shown at their places. */
const maxMarks = 20;

function toMarks(problem: Answered["problem"]): readonly PlaceMark[] {
  return (problem?.issues ?? [])
    .slice(0, maxMarks)
    .map(({ path, rule, message }) => ({ path, text: rule ?? message }));
}

function toProblemEntries({ problem, note }: Answered): readonly ShownEntry[] {
  const found = problem ?? note;
  if (found === undefined) return [];
  const place = found.path === "" ? "" : ` at ${found.path}`;
  return [
    toEntry(
      problem === undefined ? "note" : "problem",
      `${found.code}${place}: ${found.message}`,
      problem === undefined ? "aside" : "wrong",
    ),
    toEntry("hint", toFlagWords(found.hint), "aside"),
  ];
}

const shownNumbers = 4;

function toVectorText(vector: Float32Array | undefined): string {
  if (vector === undefined) return "none that can be used";
  const first = Array.from(vector.subarray(0, shownNumbers), (number) => Number(number.toPrecision(4)));
  return `${formatCount(vector.length)} numbers: ${first.join(", ")}${vector.length > shownNumbers ? ", …" : ""}`;
}

const maxText = 2_000;
const maxLevels = 20;

/** Images and videos are megabytes of text, which nobody reads. */
function withoutLongTexts(value: unknown, level = 0): unknown {
  if (typeof value === "string") {
    return value.length <= maxText
      ? value
      : `${value.slice(0, 40)}… (${formatCount(value.length)} characters)`;
  }
  if (typeof value !== "object" || value === null || level === maxLevels) return value;
  if (Array.isArray(value)) return value.map((item) => withoutLongTexts(item, level + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, withoutLongTexts(member, level + 1)]),
  );
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
