import { OpenbatchError } from "../../errors/index.js";

/** The server does not have the model that requests name. */
export class UnknownModelError extends OpenbatchError {
  readonly model: string | undefined;

  constructor(message: string, model: string | undefined) {
    super("unknown_model", message);
    this.model = model;
  }
}
