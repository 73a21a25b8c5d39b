import { OpenbatchError, type OpenbatchErrorOptions } from "../../errors/index.js";

/** The server does not have the model that requests name. */
export class UnknownModelError extends OpenbatchError {
  readonly model: string | undefined;

  constructor(message: string, model: string | undefined, options?: OpenbatchErrorOptions) {
    super("unknown_model", message, options);
    this.model = model;
  }
}
