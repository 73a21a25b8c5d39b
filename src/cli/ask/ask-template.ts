import { toYamlText, withPlainBraces } from "../frame/template-text.js";
import type { AnswerKind } from "./answer-kind.js";

/** What is asked, of which model. */
export interface AskedTemplate {
  readonly question: string;
  readonly model: string;
  readonly maxTokens: number;
  readonly kind: AnswerKind;
}

/** The template that `openbatch build` takes. */
export function toAskTemplate({ question, model, maxTokens, kind }: AskedTemplate): string {
  const { schema, instruction } = kind;
  const told =
    instruction === undefined
      ? ""
      : `  - role: system\n    content: ${toYamlText(withPlainBraces(instruction), "      ")}\n`;
  return `# Made by openbatch ask. "openbatch build" makes requests of it.
endpoint: /v1/chat/completions

# A hash of what is asked: rows that ask the same share one answer, and a row that moves keeps its own.
custom_id: { hash: request }
null_text: ""

parameters:
  model: ${JSON.stringify(model)}
  max_completion_tokens: ${maxTokens}

messages:
${told}  - role: user
    content: ${toYamlText(question, "      ")}
${schema === undefined ? "" : `\nschema_name: answer\nschema:\n${indent(JSON.stringify(schema, undefined, 2))}\n`}`;
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
