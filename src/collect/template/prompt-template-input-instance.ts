import type { TemplateValue } from "./prompt-template-variables.js";

/**
 * What one request has of its own: its id, the values for the template's placeholders (or for a reusable prompt's
 * variables), and parameters that go over those of the common request. A plain object is as good.
 */
export class PromptTemplateInputInstance<
  const Values extends object = Readonly<Record<string, TemplateValue>>,
  const Options extends object = Readonly<Record<string, unknown>>,
> {
  readonly custom_id: string;
  readonly promptValueMapping: Values;
  /** Parameter by parameter in place of the common request's: an object such as `text` is replaced whole. */
  declare readonly instanceRequestOptions?: Options;

  constructor(instance: PromptTemplateInputInstance<Values, Options>) {
    this.custom_id = instance.custom_id;
    this.promptValueMapping = instance.promptValueMapping;
    Object.assign(this, instance);
  }
}
