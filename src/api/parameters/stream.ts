import { object } from "../rule/object-rule.js";
import { all, flag, type Rule } from "../rule/rule.js";

/** A batch cannot stream. The text is the service's own, for the endpoint's name as it writes it there. */
export function stream(endpointName: string): Rule {
  return all(flag, (value, at) => {
    if (value !== true) return;
    at.error("streaming_unsupported", `${endpointName}: Streaming is not supported in the Batch API.`);
  });
}

const noStream: Rule = (_value, at) => {
  at.warning("no_effect_in_batch", "has no effect without streaming, and a batch cannot stream.");
};

export const streamOptions = all(object({ include_usage: flag, include_obfuscation: flag }), noStream);
