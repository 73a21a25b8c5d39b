import { OpenbatchError } from "../errors/index.js";
import { ExitCode } from "./exit-code.js";

/**
 * A signal that aborts at the first Ctrl-C or termination signal, so that what is under way ends in good order.
 * The second ends the process at once.
 */
export function listenForInterrupts(): AbortSignal {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(ExitCode.interrupted);
    controller.abort(new OpenbatchError("interrupted", "Interrupted."));
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return controller.signal;
}
