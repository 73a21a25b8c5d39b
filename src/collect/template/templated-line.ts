import { type Endpoint, type InspectionOptions, isObject, validateBody } from "../../api/index.js";
import type { Problem } from "../../errors/index.js";
import type { PromptTemplate } from "./prompt-template.js";
import type { RequestBody } from "./request-parameters.js";

/** A body that differs from one instance of a template to the next in what stands inside its texts. */
export interface TemplatedBody {
  /** The JSON before, between and behind what is filled in. */
  readonly pieces: readonly string[];
  /** The id of an instance with these values, and what is filled in; undefined where they need a closer look. */
  readonly fill: (custom_id: string, values: Values) => readonly string[] | undefined;
}

type Values = Readonly<Record<string, unknown>>;

export interface TemplatedLineOptions extends InspectionOptions {
  readonly url: Endpoint;
  /** The body of an instance with these values, and no parameters of its own. */
  readonly toBody: (values: Readonly<Record<string, string>>) => RequestBody;
  /** Whether a body that is only warned of may be rendered. */
  readonly ignoreWarnings: boolean;
}

/**
 * Writes what the instances of a template have in common as JSON once. Gives nothing where what is checked of a
 * request could depend on the values: the placeholders must all stand in text, which no rule looks into.
 */
export function compileTemplatedBody(
  template: PromptTemplate,
  options: TemplatedLineOptions,
): TemplatedBody | undefined {
  const { variables } = template;
  const mark = findUnusedCharacter(JSON.stringify(options.toBody(valuesFor(variables, () => ""))));
  if (mark === undefined) return undefined;
  const body = options.toBody(valuesFor(variables, (index) => `${mark}${index}${mark}`));
  const problems = validateBody(options.url, body, { ...options, closedNames: true });
  const stops = ({ severity }: Problem) =>
    severity === "error" || (severity === "warning" && !options.ignoreWarnings);
  if (problems.some(stops)) return undefined;
  if (!isMarkedInTextAlone(body, mark)) return undefined;
  return toTemplatedBody(JSON.stringify(body).split(mark), variables);
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
function toTemplatedBody(pieces: readonly string[], variables: readonly string[]): TemplatedBody {
  const names = pieces.filter((_, index) => index % 2 === 1).map((number) => variables[Number(number)] ?? "");
  return {
    pieces: pieces.filter((_, index) => index % 2 === 0),
    fill: (custom_id, values) =>
      fillInOrder(names, custom_id, values) ?? fillByName(names, custom_id, values),
  };
}

/** Where the values stand in the order of the holes, as mostly, a for-in loop reads them faster than their names would find them. */
function fillInOrder(names: readonly string[], custom_id: string, values: Values): string[] | undefined {
  const texts = new Array<string>(names.length + 1);
  texts[0] = custom_id;
  let filled = 0;
  for (const name in values) {
    // biome-ignore lint/suspicious/noPrototypeBuiltins: in a for-in loop the engine knows what comes of it, but not of a constant or Object.hasOwn.
    if (name !== names[filled] || !Object.prototype.hasOwnProperty.call(values, name)) return undefined;
    const text = toText(values[name]);
    if (text === undefined) return undefined;
    filled += 1;
    texts[filled] = text;
  }
  return filled === names.length ? texts : undefined;
}

function fillByName(names: readonly string[], custom_id: string, values: Values): string[] | undefined {
  const texts = [custom_id];
  for (const name of names) {
    const text = Object.hasOwn(values, name) ? toText(values[name]) : undefined;
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return texts;
}

function toText(value: unknown): string | undefined {
  if (typeof value === "string") return value.isWellFormed() ? value : undefined;
  return typeof value === "boolean" || Number.isFinite(value) ? String(value) : undefined;
}
