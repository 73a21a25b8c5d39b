import type { ResponsePrompt } from "openai/resources/responses/responses";

/** Values for the variables of a prompt that is stored at the service: texts, or parts such as images and files. */
export type PromptVariables = Readonly<NonNullable<ResponsePrompt["variables"]>>;

/**
 * A prompt that is stored at the service, by its id. It goes with responses requests alone. Its variables are shared
 * by all instances; those of an instance are added, and win.
 *
 * @example
 * ```ts
 * new ReusablePrompt({ id: "pmpt_123", version: "2", variables: { tone: "friendly" } });
 * ```
 */
export class ReusablePrompt {
  readonly id: string;
  /** Without one the service takes the prompt's current version. */
  declare readonly version?: string;
  declare readonly variables?: PromptVariables;

  constructor(prompt: Pick<ReusablePrompt, "id" | "version" | "variables">) {
    this.id = prompt.id;
    Object.assign(this, prompt);
  }
}
