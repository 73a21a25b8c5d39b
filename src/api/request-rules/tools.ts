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

function toolsAgree(tools: readonly unknown[], choice: unknown, at: Inspection): void {
  namesAreUnique(tools, at);
  if (isObject(choice)) choiceIsThere(tools, choice, at);
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

function namesAreUnique(tools: readonly unknown[], at: Inspection): void {
  const seen = new Set<string>();
  for (const [index, tool] of tools.entries()) {
    const name = nameOf(tool);
    if (name === undefined) continue;
    if (seen.has(name)) {
      at.inside("tools", () =>
        at.inside(index, () => {
          const message = `another tool is called ${describeName(name)} too.`;
          at.warning("likely_refused", message, "Give each tool a name of its own.");
        }),
      );
    }
    seen.add(name);
  }
}

function choiceIsThere(tools: readonly unknown[], choice: Body, at: Inspection): void {
  const name = nameOf(choice);
  const names = tools.map(nameOf);
  // A namespace and a server hold tools of their own, under names that are not told here.
  const isOpen = tools.some((tool) => !isObject(tool) || tool.type === "namespace" || tool.type === "mcp");
  if (name === undefined || isOpen || names.includes(name)) return;
  at.inside("tool_choice", () => {
    const known = names.flatMap((other) => other ?? []).slice(0, 5);
    const hint = known.length === 0 ? "Add that tool to tools." : `Choose one of ${listNames(known)}.`;
    at.refused("invalid_value", `there is no tool ${describeName(name)} in tools.`, hint);
  });
}

/** The name of a function or a custom tool, in the shape of either endpoint. */
function nameOf(tool: unknown): string | undefined {
  if (!isObject(tool)) return undefined;
  if (tool.type !== "function" && tool.type !== "custom") return undefined;
  const definition = isObject(tool[tool.type]) ? tool[tool.type] : tool;
  return isObject(definition) && typeof definition.name === "string" ? definition.name : undefined;
}
