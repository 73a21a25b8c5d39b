import { isObject } from "../../api/index.js";
import type { AnswerProblem } from "../../outcome/index.js";
import type { RepairKind } from "../report/repair-kind.js";

type Body = Readonly<Record<string, unknown>>;

const kinds: Partial<Record<AnswerProblem["code"], RepairKind>> = {
  truncated_answer: "truncated",
  invalid_json_answer: "invalid",
  schema_mismatch: "invalid",
};

/** What limits an answer, in the words of the endpoints. */
const limits = ["max_completion_tokens", "max_tokens", "max_output_tokens"];
const maxComplaintLength = 2_000;

export interface PoorAnswer {
  readonly problem: AnswerProblem;
  readonly text: string | undefined;
  /** The limit at which it was answered, where a repair before has raised it. */
  readonly limit: number | undefined;
  /** How long an answer of the model may be, where the service has said it. */
  readonly longest: number | undefined;
}

/** The body that asks for a better answer; `undefined` where nothing would make it better. */
export function repairBody(
  body: Body,
  { problem, text, limit, longest = Number.POSITIVE_INFINITY }: PoorAnswer,
  wanted: ReadonlySet<RepairKind>,
): Body | undefined {
  const kind = kinds[problem.code];
  if (kind === undefined || !wanted.has(kind)) return undefined;
  const name = findLimit(body);
  const asked = limit ?? Number(name === undefined ? 0 : body[name]);
  if (kind === "invalid") {
    // It may be wrong only since it was no longer cut off.
    const raised = name === undefined ? body : { ...body, [name]: asked };
    return text === undefined ? undefined : addTurns(raised, text, toComplaint(problem));
  }
  // A request without a limit was cut off by that of its model.
  if (name === undefined || asked >= longest) return undefined;
  return { ...body, [name]: Math.min(asked * 2, longest) };
}

/** The name of what limits the answer. */
export function findLimit(body: Body): string | undefined {
  return limits.find((name) => typeof body[name] === "number");
}

function addTurns(body: Body, text: string, complaint: string): Body | undefined {
  const turns = [
    { role: "assistant", content: text },
    { role: "user", content: complaint },
  ];
  const { messages, input } = body;
  if (Array.isArray(messages)) return { ...body, messages: [...messages, ...turns] };
  if (typeof input === "string") return { ...body, input: [{ role: "user", content: input }, ...turns] };
  return Array.isArray(input) && input.every(isObject) ? { ...body, input: [...input, ...turns] } : undefined;
}

function toComplaint({ message, issues = [] }: AnswerProblem): string {
  const found = issues.map((issue) => `${issue.path}: ${issue.message}`).join("\n");
  const words = (found === "" ? message : found).slice(0, maxComplaintLength);
  return `That answer cannot be used:\n${words}\nAnswer again, with nothing but JSON that fits.`;
}
