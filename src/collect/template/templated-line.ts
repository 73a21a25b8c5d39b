import { type Endpoint, type InspectionOptions, isObject, validateBody } from "../../api/index.js";
import type { Problem } from "../../errors/index.js";
import type { PromptTemplate } from "./prompt-template.js";
import type { RequestBody } from "./request-parameters.js";

/** The JSON text of a body with an instance's values in it; undefined where the values need a closer look. */
export type RenderBody = (values: Readonly<Record<string, unknown>>) => string | undefined;

export interface TemplatedLineOptions extends InspectionOptions {
  readonly url: Endpoint;
  /** The body of an instance with these values, and no parameters of its own. */
  readonly toBody: (values: Readonly<Record<string, string>>) => RequestBody;
  /** Whether a body that is only warned of may be rendered. */
  readonly ignoreWarnings: boolean;
}

/**
 * Renders what the instances of a template have in common to JSON text once. Gives nothing where what is checked of a
 * request could depend on the values: the placeholders must all stand in text, which no rule looks into.
 */
export function compileTemplatedBody(
  template: PromptTemplate,
  options: TemplatedLineOptions,
): RenderBody | undefined {
  const { variables } = template;
  const mark = findUnusedCharacter(JSON.stringify(options.toBody(valuesFor(variables, () => ""))));
  if (mark === undefined) return undefined;
  const body = options.toBody(valuesFor(variables, (index) => `${mark}${index}${mark}`));
  const problems = validateBody(options.url, body, { ...options, closedNames: true });
  const stops = ({ severity }: Problem) =>
    severity === "error" || (severity === "warning" && !options.ignoreWarnings);
  if (problems.some(stops)) return undefined;
  if (!isMarkedInTextAlone(body, mark)) return undefined;
  return renderPieces(JSON.stringify(body).split(mark), variables);
}

function valuesFor(variables: readonly string[], toValue: (index: number) => string): Record<string, string> {
  return Object.fromEntries(variables.map((name, index) => [name, toValue(index)]));
}

/** A character of the private use area: JSON writes it as it is. */
function findUnusedCharacter(json: string): string | undefined {
  for (let code = 0xe000; code <= 0xf8ff; code += 1) {
    const character = String.fromCharCode(code);
    if (!json.includes(character)) return character;
  }
  return undefined;
}

/** Whether marks stand only in messages' text: their content, the text of their parts, the output of tools. */
function isMarkedInTextAlone(body: RequestBody, mark: string): boolean {
  const { messages, input, ...others } = body;
  const list = messages ?? input;
  if (!Array.isArray(list)) return false;
  const rest = list.map((message: unknown) => withoutText(message));
  return !JSON.stringify([others, rest]).includes(mark);
}

function withoutText(message: unknown): unknown {
  if (!isObject(message)) return message;
  const { content, output, ...others } = message;
  return [others, withoutPartText(content), withoutPartText(output)];
}

function withoutPartText(content: unknown): unknown {
  if (typeof content === "string") return undefined;
  if (!Array.isArray(content)) return content;
  return content.map((part: unknown) =>
    isObject(part) && typeof part.text === "string" ? { ...part, text: "" } : part,
  );
}

/** @param pieces constant text and, at every second place, the number of a variable. */
function renderPieces(pieces: readonly string[], variables: readonly string[]): RenderBody {
  const [head = "", ...rest] = pieces;
  const steps: { readonly name: string; readonly after: string }[] = [];
  for (let index = 0; index + 1 < rest.length; index += 2) {
    steps.push({ name: variables[Number(rest[index])] ?? "", after: rest[index + 1] ?? "" });
  }
  return (values) => {
    let text = head;
    for (const { name, after } of steps) {
      if (!Object.hasOwn(values, name)) return undefined;
      const value = values[name];
      if (typeof value === "string" && !value.isWellFormed()) return undefined;
      if (typeof value === "string") text += toJsonText(value) + after;
      else if (typeof value === "boolean" || Number.isFinite(value)) text += value + after;
      else return undefined;
    }
    return text;
  };
}

const needsEscape = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A string as it stands in JSON, without its quotes. Most need nothing: to look is cheaper than to write them anew. */
function toJsonText(text: string): string {
  return needsEscape.test(text) ? JSON.stringify(text).slice(1, -1) : text;
}
