import { isObject } from "../../api/index.js";
import type { Random } from "../../format/index.js";
import { pickWords } from "../../format/index.js";
import { RehearsedError, toMissingParameter, toWrongParameter } from "./rehearsed-error.js";
import type { SchemaTexts, TextWriter } from "./schema-texts.js";

type Values = Readonly<Record<string, unknown>>;

/** A tool of the caller's own, which a model can only ask to be called. */
export interface CallableTool {
  readonly kind: "function" | "custom";
  readonly name: string;
  /** Writes the arguments of a function, or the input of a custom tool. */
  readonly write: TextWriter;
}

interface ToolRequest {
  readonly tools: readonly unknown[];
  /** `tool_choice` as it stands in the request. */
  readonly choice: unknown;
  /** Whether what a tool is stands in a key named after its type, as in chat. */
  readonly isNested: boolean;
  readonly schemas: SchemaTexts;
}

/**
 * The tool that a request forces the model to call. `undefined` where the model may answer in words, for then it does.
 * @throws RehearsedError 400 for a choice among no tools, and where only tools of the service are left to choose.
 */
export function chooseTool(request: ToolRequest, random: Random): CallableTool | undefined {
  const { tools, isNested } = request;
  const choice = readChoice(request);
  if (choice === undefined) return undefined;
  if (tools.length === 0) {
    throw toChoiceError("'tool_choice' is only allowed when 'tools' are specified.");
  }
  const callable = tools.flatMap((tool, index) => {
    const definition = definitionOf(tool, isNested);
    return definition === undefined ? [] : [{ definition, index }];
  });
  const allowed = callable.filter(
    ({ definition }) => choice.names?.includes(String(definition.name)) !== false,
  );
  const chosen = allowed[random.below(allowed.length)];
  if (chosen !== undefined) return toCallable(chosen.definition, chosen.index, request);
  throw choice.names === undefined
    ? toChoiceError("A rehearsal calls functions and custom tools alone, and there are none in 'tools'.")
    : toChoiceError(`Tool choice '${choice.names.join("', '")}' not found in 'tools' parameter.`);
}

/** Which of the tools has to be called; `undefined` where none has to. */
interface ForcedChoice {
  /** Any of these; any at all where they are absent. */
  readonly names?: readonly string[];
}

function readChoice({ choice, isNested }: ToolRequest): ForcedChoice | undefined {
  if (choice === undefined || choice === null || choice === "auto" || choice === "none") return undefined;
  if (choice === "required") return {};
  if (!isObject(choice))
    throw toWrongParameter("tool_choice", "one of 'none', 'auto', 'required' or an object", choice);
  if (choice.type === "allowed_tools") {
    const allowed = isNested ? choice.allowed_tools : choice;
    if (!isObject(allowed) || !Array.isArray(allowed.tools)) throw toMissingParameter("tool_choice.tools");
    const names = allowed.tools.map((tool) => nameOf(tool, isNested));
    return allowed.mode === "required" ? { names } : undefined;
  }
  return { names: [nameOf(choice, isNested)] };
}

function nameOf(tool: unknown, isNested: boolean): string {
  const name = definitionOf(tool, isNested)?.name;
  if (typeof name === "string") return name;
  throw toChoiceError("A rehearsal calls functions and custom tools alone, by their names.");
}

/** What a function or a custom tool is, with its type; `undefined` for the service's own tools. */
function definitionOf(tool: unknown, isNested: boolean): Values | undefined {
  if (!isObject(tool) || (tool.type !== "function" && tool.type !== "custom")) return undefined;
  const definition = isNested ? tool[tool.type] : tool;
  return isObject(definition) ? { ...definition, type: tool.type } : undefined;
}

function toCallable(definition: Values, index: number, { isNested, schemas }: ToolRequest): CallableTool {
  const { name, type, parameters, format } = definition;
  const at = isNested ? `tools[${index}].${type}` : `tools[${index}]`;
  if (typeof name !== "string") throw toMissingParameter(`${at}.name`);
  if (type === "custom")
    return { kind: "custom", name, write: toInputWriter(format, { at, isNested, schemas }) };
  const write = schemas.writerFor(parameters ?? { type: "object" }, {
    subject: `function '${name}'`,
    param: `${at}.parameters`,
    code: "invalid_function_parameters",
  });
  return { kind: "function", name, write };
}

interface InputPlace {
  readonly at: string;
  readonly isNested: boolean;
  readonly schemas: SchemaTexts;
}

/** Words, or a text along the regular expression that a custom tool has for a grammar. */
function toInputWriter(format: unknown, { at, isNested, schemas }: InputPlace): TextWriter {
  if (!isObject(format) || format.type !== "grammar") return (random) => pickWords(random, 3);
  const grammar = isNested ? format.grammar : format;
  if (!isObject(grammar) || grammar.syntax !== "regex") {
    throw new RehearsedError(
      400,
      "Of the grammars for custom tools a rehearsal knows regular expressions alone.",
      {
        param: `${at}.format`,
        code: "invalid_grammar",
      },
    );
  }
  const use = { subject: "the grammar", param: `${at}.format`, code: "invalid_grammar" };
  const write = schemas.writerFor({ type: "string", pattern: `^(?:${String(grammar.definition)})$` }, use);
  return (random) => String(JSON.parse(write(random)));
}

function toChoiceError(message: string): RehearsedError {
  return new RehearsedError(400, message, { param: "tool_choice", code: "invalid_value" });
}
