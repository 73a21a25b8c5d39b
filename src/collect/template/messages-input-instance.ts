import type { PromptMessage } from "./message.js";

/** What one request has of its own where there is no template: its id, its messages, its parameters. A plain object is as good. */
export class MessagesInputInstance<const Options extends object = Readonly<Record<string, unknown>>> {
  readonly custom_id: string;
  readonly messages: readonly PromptMessage[];
  /** Parameter by parameter in place of the common request's: an object such as `text` is replaced whole. */
  declare readonly instanceRequestOptions?: Options;

  constructor(instance: MessagesInputInstance<Options>) {
    this.custom_id = instance.custom_id;
    this.messages = instance.messages;
    Object.assign(this, instance);
  }
}
