import type { Reasoning } from "openai/resources/shared";

/**
 * How much a reasoning model thinks, and what it tells of it: the value of `reasoning` in a responses request.
 * What is not given is not sent; the service then decides. A plain object is as good.
 *
 * @example
 * ```ts
 * new ResponsesRequest({ model: "gpt-5.6-sol", reasoning: new ReasoningConfig({ effort: "low" }) });
 * ```
 */
export class ReasoningConfig {
  declare readonly effort?: NonNullable<Reasoning["effort"]>;
  declare readonly summary?: NonNullable<Reasoning["summary"]>;

  constructor(config: Pick<ReasoningConfig, "effort" | "summary">) {
    Object.assign(this, config);
  }
}
