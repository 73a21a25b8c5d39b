import type { BatchError, BatchObject } from "../../api/index.js";
import { OpenbatchError } from "../../errors/index.js";
import { modelNotFound } from "./input-validator.js";

/** Why what is left of a batch will not be answered, however long it waits; `undefined` where it may be. */
export function toFinalCause(error: unknown, { model }: BatchObject): BatchError | undefined {
  if (!(error instanceof OpenbatchError)) return undefined;
  switch (error.code) {
    case "unknown_model":
      return modelNotFound(model ?? "");
    case "unknown_endpoint":
      return { code: "unknown_url", message: error.ownWords, line: null, param: "url" };
    default:
      return undefined;
  }
}

const lostCode = "input_lost";

/** What stands in a batch whose input was taken from where the server keeps it, before all of it was sent. */
export function inputLost(): BatchError {
  const message = "The input of this batch is not in the storage of the server any more.";
  return { code: lostCode, message, line: null, param: null };
}

/** Whether a batch is known to have lost its input. */
export function hasLostInput({ errors }: BatchObject): boolean {
  return errors?.data?.some(({ code }) => code === lostCode) === true;
}
