import { object } from "../rule/object-rule.js";
import { deprecated, knownName } from "../rule/rule.js";

export const reasoningEffort = knownName("none", "minimal", "low", "medium", "high", "xhigh", "max");

const summary = knownName("auto", "concise", "detailed");

/** `reasoning` of `/v1/responses`. */
export const reasoning = object({
  effort: reasoningEffort,
  summary,
  mode: knownName("standard", "pro"),
  context: knownName("auto", "current_turn", "all_turns"),
  generate_summary: deprecated(summary, "Use summary."),
});

export const verbosity = knownName("low", "medium", "high");
