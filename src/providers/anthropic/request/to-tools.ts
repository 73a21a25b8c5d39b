import { isObject } from "../../../api/index.js";
import type { MessageParams, ToolChoice, ToolParam } from "./message-params.js";
import { isGiven } from "./to-content.js";
import type { TranslationNotes } from "./translation-notes.js";

type JsonObject = Readonly<Record<string, unknown>>;

const withoutTools = "left out: there are no tools.";
const functionsAlone = "Use tools that are functions.";

/** The tools of a request, and which of them the model is to call. */
export function toTools(
  { tools, tool_choice, parallel_tool_calls }: JsonObject,
  notes: TranslationNotes,
): Pick<MessageParams, "tools" | "tool_choice"> {
  const list = Array.isArray(tools) ? tools : [];
  if (isGiven(tools) && !Array.isArray(tools)) notes.refuseOdd("body.tools", tools, "an array");
  const known = list.flatMap((tool: unknown, index) => toTool(tool, `body.tools[${index}]`, notes) ?? []);
  if (isGiven(parallel_tool_calls) && typeof parallel_tool_calls !== "boolean")
    notes.refuseOdd("body.parallel_tool_calls", parallel_tool_calls, "a boolean");
  const isSingle = parallel_tool_calls === false;
  if (list.length === 0) {
    if (isGiven(parallel_tool_calls)) notes.warn("body.parallel_tool_calls", withoutTools);
    if (tool_choice === "none" || tool_choice === "auto") notes.warn("body.tool_choice", withoutTools);
    else if (isGiven(tool_choice))
      notes.refuse("body.tool_choice", "There is no tool to choose.", "Leave it out, or add tools.");
    return {};
  }
  if (parallel_tool_calls === true)
    notes.warn("body.parallel_tool_calls", "left out: true is what Anthropic does anyway.");
  const choice = isGiven(tool_choice) ? toChoice(tool_choice, notes) : undefined;
  if (!isSingle || choice?.type === "none")
    return { tools: known, ...(choice === undefined ? {} : { tool_choice: choice }) };
  return { tools: known, tool_choice: { ...(choice ?? { type: "auto" }), disable_parallel_tool_use: true } };
}

function toTool(value: unknown, at: string, notes: TranslationNotes): ToolParam | undefined {
  const tool = notes.object(at, value);
  if (tool === undefined) return undefined;
  if (tool.type !== "function" || !isObject(tool.function)) {
    notes.refuse(at, "Anthropic's tools are called with JSON alone.", functionsAlone);
    return undefined;
  }
  notes.refuseOthers(at, tool, ["type", "function"]);
  const { name: given, description, parameters, strict } = tool.function;
  notes.refuseOthers(`${at}.function`, tool.function, ["name", "description", "parameters", "strict"]);
  const name = notes.text(`${at}.function.name`, given);
  const schema = isGiven(parameters) ? parameters : { type: "object", properties: {} };
  if (!isObject(schema) || schema.type !== "object") {
    notes.refuse(
      `${at}.function.parameters`,
      "The parameters of Anthropic's tools are an object.",
      'Give them a schema with type: "object".',
    );
    return undefined;
  }
  const about = isGiven(description) ? notes.text(`${at}.function.description`, description) : undefined;
  if (isGiven(strict) && typeof strict !== "boolean")
    notes.refuseOdd(`${at}.function.strict`, strict, "a boolean");
  if (name === undefined) return undefined;
  return {
    name,
    ...(about === undefined ? {} : { description: about }),
    input_schema: { ...schema, type: "object" },
    ...(typeof strict === "boolean" ? { strict } : {}),
  };
}

function toChoice(choice: unknown, notes: TranslationNotes): ToolChoice | undefined {
  if (choice === "auto" || choice === "none") return { type: choice };
  if (choice === "required") return { type: "any" };
  const called = isObject(choice) && choice.type === "function" ? choice.function : undefined;
  if (isObject(called) && typeof called.name === "string") return { type: "tool", name: called.name };
  notes.refuse(
    "body.tool_choice",
    "Anthropic has no such choice of tools.",
    "Use auto, none, required, or one function; leave out the tools that are not to be called.",
  );
  return undefined;
}
