import { once } from "node:events";
import type { CommandIo } from "./command.js";

/** Asks on the terminal, and takes yes for yes and everything else for no. */
export async function confirmOnTerminal(
  question: string,
  { signal, writeError }: Pick<CommandIo, "signal" | "writeError">,
): Promise<boolean> {
  writeError(`${question} [y/N] `);
  const { stdin } = process;
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  try {
    const line = once(stdin, "data", { signal: stop }).then(([chunk]) => `${chunk}`);
    const end = once(stdin, "end", { signal: stop }).then(() => "");
    const answer = await Promise.race([line, end]);
    if (!answer.endsWith("\n")) writeError("\n");
    return /^\s*(?:y|yes)\s*$/i.test(answer);
  } catch (error) {
    writeError("\n");
    if (signal.aborted) throw signal.reason;
    throw error;
  } finally {
    ended.abort();
    stdin.pause();
  }
}
