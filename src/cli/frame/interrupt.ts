import { writeSync } from "node:fs";
import { isatty } from "node:tty";
import { OpenbatchError } from "../../errors/index.js";
import { ExitCode } from "./exit-code.js";

/**
 * A signal that aborts at the first Ctrl-C, termination signal or hang-up of the terminal, so that what is under way ends in
 * good order. The second Ctrl-C or termination signal ends the process at once, with these words for whoever waits.
 */
export function listenForInterrupts(toLastWords: () => string = () => ""): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new OpenbatchError("interrupted", "Interrupted."));
  const interrupt = (): void => {
    if (controller.signal.aborted) endAtOnce(toLastWords());
    abort();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  listenForHangUps(abort);
  return controller.signal;
}

function endAtOnce(words: string): never {
  try {
    if (words !== "") writeSync(2, words);
  } catch {
    // Nobody reads them.
  }
  process.exit(ExitCode.interrupted);
}

function listenForHangUps(abort: () => void): void {
  const terminals = [0, 1, 2].filter(isatty);
  // Node undoes what nohup does. So it is done again where no stream is a terminal, as under nohup. Of a terminal that
  // closes, both the system and the shell send word: that is no second wish to end.
  process.on("SIGHUP", terminals.length > 0 ? abort : () => undefined);
  process.on("exit", () => {
    if (!terminals.every(isatty)) endByHangUp();
  });
}

/** Node crashes when at its end it cannot put a terminal back as it was, since that is gone. */
function endByHangUp(): void {
  process.removeAllListeners("SIGHUP");
  process.kill(process.pid, "SIGHUP");
}
