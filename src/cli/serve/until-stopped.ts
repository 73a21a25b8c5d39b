import { once } from "node:events";
import type { OpenbatchError } from "../../errors/index.js";
import type { CommandIo } from "../frame/command.js";
import { ExitCode } from "../frame/exit-code.js";
import { type LogFlags, logStep, stopping, writeJsonLine } from "./server-log.js";

/** What runs on a database. */
interface Running {
  /** Resolves with why it has to end by itself. */
  readonly failure: Promise<OpenbatchError>;
  close(): Promise<void>;
}

/** Lets it run until it is told to stop, or has to end by itself, and closes it. @throws OpenbatchError why it had to. */
export async function untilStopped(running: Running, flags: LogFlags, io: CommandIo): Promise<ExitCode> {
  io.goOnWithoutReader();
  const told = io.signal.aborted ? Promise.resolve() : once(io.signal, "abort").then(() => undefined);
  const failure = await Promise.race([told, running.failure]);
  logStep({ kind: "draining" }, { flags, io, text: stopping });
  await running.close();
  if (flags.json) writeJsonLine({ kind: "stopped" }, io);
  logStep({ kind: "stopped" }, { flags, io, text: "Stopped.\n" });
  if (failure instanceof Error) throw failure;
  return ExitCode.interrupted;
}
