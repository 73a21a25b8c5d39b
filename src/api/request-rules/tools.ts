import { describeName } from "../rule/describe.js";
import type { Inspection } from "../rule/inspection.js";
import { isPresent } from "../rule/is-present.js";
import { isObject, listNames } from "../rule/rule.js";

type Body = Readonly<Record<string, unknown>>;

/**
 * What tools, and what is said of them elsewhere in the body, have to agree in.
 * Source: OpenAI's answers "Invalid 'tools': empty array. Expected an array with minimum length 1", "Invalid value for
 * 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified", the same of parallel_tool_calls, and "Tool choice
 * 'image_generation' not found in 'tools' parameter", as public code quotes them, read November 2026. That names come twice is
 * only said to be refused.
 */
export function chatToolsAgree({ tools, tool_choice, parallel_tool_calls }: Body, at: Inspection): void {
  if (Array.isArray(tools) && tools.length > 0) return toolsAgree(tools, tool_choice, at);
  if (Array.isArray(tools)) {
    const message = "an empty list of tools is not allowed.";
    at.inside("tools", () => at.refused("invalid_value", message, "Leave tools out."));
  }
  if (isPresent(tool_choice)) needsTools("tool_choice", at);
  if (isPresent(parallel_tool_calls)) needsTools("parallel_tool_calls", at);
}

/** In responses, an empty list is none, and a choice that asks for no tool needs none. */
export function responsesToolsAgree({ tools, tool_choice, prompt }: Body, at: Inspection): void {
  if (Array.isArray(tools) && tools.length > 0) return toolsAgree(tools, tool_choice, at);
  if (isPresent(prompt) || !isPresent(tool_choice) || tool_choice === "none" || tool_choice === "auto")
    return;
  needsTools("tool_choice", at);
}

/**
 * What tools were called before there were tools. OpenAI answers "Invalid value for 'function_call': 'function_call' is only
 * allowed when 'functions' are specified", as public code quotes it, read November 2026.
 */
export function functionsAgree({ functions, function_call }: Body, at: Inspection): void {
  if (!Array.isArray(functions) || functions.length === 0) {
    if (!isPresent(function_call)) return;
    const message = "'function_call' is only allowed when 'functions' are specified.";
    return at.inside("function_call", () => at.refused("conflicting_parameters", message, "Leave it out."));
  }
  const names = functions.map((each: unknown) => (isObject(each) ? each.name : undefined));
  at.inside("functions", () => namesAreUnique(names, "function", at));
  if (!isObject(function_call) || typeof function_call.name !== "string") return;
  const { name } = function_call;
  if (names.includes(name)) return;
  const message = `there is no function ${describeName(name)} in functions.`;
  at.inside("function_call", () => at.warning("likely_refused", message, "Name one of them."));
}

function toolsAgree(tools: readonly unknown[], choice: unknown, at: Inspection): void {
  at.inside("tools", () => toolNamesAreUnique(tools, at));
  if (!isObject(choice)) return;
  if (choice.type === "allowed_tools") allowedAreThere(tools, choice, at);
  else choiceIsThere(tools, choice, at);
}

/** Names of functions and custom tools, also of those in a namespace, and labels of servers. */
function toolNamesAreUnique(tools: readonly unknown[], at: Inspection): void {
  namesAreUnique(tools.map(nameOf), "tool", at);
  namesAreUnique(tools.map(labelOf), "server", at);
  for (const [index, tool] of tools.entries()) {
    const inner = isObject(tool) && tool.type === "namespace" ? tool.tools : undefined;
    if (!Array.isArray(inner)) continue;
    at.inside(index, () => at.inside("tools", () => namesAreUnique(inner.map(nameOf), "tool", at)));
  }
}

function needsTools(name: string, at: Inspection): void {
  at.inside(name, () => {
    at.refused(
      "conflicting_parameters",
      `'${name}' is only allowed when 'tools' are specified.`,
      "Leave it out.",
    );
  });
}

function namesAreUnique(names: readonly unknown[], what: string, at: Inspection): void {
  const seen = new Set<unknown>();
  for (const [index, name] of names.entries()) {
    if (typeof name !== "string") continue;
    if (seen.has(name)) {
      const message = `another ${what} is called ${describeName(name)} too.`;
      at.inside(index, () => at.warning("likely_refused", message, `Give each ${what} a name of its own.`));
    }
    seen.add(name);
  }
}

function choiceIsThere(tools: readonly unknown[], choice: Body, at: Inspection): void {
  const found = findMissing(tools, choice);
  if (found === undefined) return;
  at.inside("tool_choice", () => at.refused("invalid_value", found, hintFor(tools)));
}

/** The same of each tool that a choice allows: that it is refused is only likely. */
function allowedAreThere(tools: readonly unknown[], choice: Body, at: Inspection): void {
  const { allowed_tools } = choice;
  const allowed: unknown = isObject(allowed_tools) ? allowed_tools.tools : choice.tools;
  if (!Array.isArray(allowed)) return;
  for (const each of allowed) {
    const found = isObject(each) ? findMissing(tools, each) : undefined;
    if (found === undefined) continue;
    return at.inside("tool_choice", () => at.warning("likely_refused", found, hintFor(tools)));
  }
}

/** What a choice asks for that is not among the tools, in words. */
function findMissing(tools: readonly unknown[], choice: Body): string | undefined {
  const name = nameOf(choice);
  // A namespace and a server hold tools of their own, under names that are not told here.
  const isOpen = tools.some((tool) => !isObject(tool) || tool.type === "namespace" || tool.type === "mcp");
  if (name !== undefined) {
    const isThere = isOpen || tools.some((tool) => nameOf(tool) === name);
    return isThere ? undefined : `there is no tool ${describeName(name)} in tools.`;
  }
  const label = labelOf(choice);
  const kind = kindOf(choice);
  if (!ownKinds.has(kind)) return undefined;
  const isThere = tools.some(
    (tool) => kindOf(tool) === kind && (label === undefined || labelOf(tool) === label),
  );
  return isThere ? undefined : `there is no tool of the type ${describeName(choice.type)} in tools.`;
}

/** Tools of the service itself that can be chosen, without the versions of their types. */
const ownKinds: ReadonlySet<unknown> = new Set(
  "apply_patch code_interpreter computer file_search image_generation mcp shell web_search".split(" "),
);

function hintFor(tools: readonly unknown[]): string {
  const known = tools.flatMap((tool) => nameOf(tool) ?? []).slice(0, 5);
  return known.length === 0 ? "Add that tool to tools." : `Choose one of ${listNames(known)}.`;
}

/** Tools of the service have types with versions: `web_search_preview_2025_03_11`, `computer_use_preview`. */
function kindOf(tool: unknown): unknown {
  const type = isObject(tool) ? tool.type : undefined;
  return typeof type === "string"
    ? type.replace(/(?:_preview|_\d{4}_\d\d_\d\d)+$/, "").replace(/^computer_use$/, "computer")
    : type;
}

function labelOf(tool: unknown): unknown {
  return isObject(tool) && tool.type === "mcp" ? tool.server_label : undefined;
}

/** The name of a function or a custom tool, in the shape of either endpoint. */
function nameOf(tool: unknown): string | undefined {
  if (!isObject(tool)) return undefined;
  if (tool.type !== "function" && tool.type !== "custom") return undefined;
  const definition = isObject(tool[tool.type]) ? tool[tool.type] : tool;
  return isObject(definition) && typeof definition.name === "string" ? definition.name : undefined;
}
