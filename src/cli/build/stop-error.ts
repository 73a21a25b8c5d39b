import { OpenbatchError } from "../../errors/index.js";
import type { Leftover } from "./build-output.js";
import { withHint } from "./failed-rows.js";

export interface StopOptions {
  readonly leftover: Leftover;
  /** The error of that row as it is said here. */
  readonly toRowError: (cause: unknown) => unknown;
}

/** The error that ended a build, with what is left behind and how to go on. */
export function toStopError(error: unknown, { leftover, toRowError }: StopOptions): unknown {
  if (!(error instanceof OpenbatchError)) return error;
  const { code, message, hint, cause } = error;
  const { state, canGoOn } = leftover;
  const goOn = canGoOn ? "Run the same command with --append to go on." : "";
  switch (code) {
    case "row_failed":
      return new OpenbatchError(code, `${toRowMessage(message, toRowError(cause))}\n${state}`, {
        cause,
        hint: toRowHint(cause, canGoOn),
      });
    case "interrupted":
      return new OpenbatchError(code, `${message} ${state}`, { cause, hint: goOn === "" ? hint : goOn });
    case "disk_full":
      return new OpenbatchError(
        code,
        `${message} ${state}${canGoOn ? " The other requests are not there." : ""}`,
        { cause, hint: `Make room. ${goOn}`.trim() },
      );
    default:
      return new OpenbatchError(code, `${message}\n${state}`, { cause, hint });
  }
}

function toRowHint(cause: unknown, canGoOn: boolean): string {
  if (!canGoOn) return "Mend the row, or go past such rows with --on-error skip.";
  const goOn = "run the same command with --append to go on, or go past such rows with --on-error skip.";
  // The message has told what to do where the ids of many rows are wrong.
  const isDuplicate = cause instanceof OpenbatchError && cause.code === "duplicate_custom_id";
  return isDuplicate ? `Or, where it is this row alone, mend it and ${goOn}` : `Mend the row and ${goOn}`;
}

function toRowMessage(message: string, cause: unknown): string {
  return cause instanceof OpenbatchError ? withHint(cause.message, cause.hint) : message;
}
