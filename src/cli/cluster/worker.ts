import { once } from "node:events";
import type { Command } from "commander";
import { startWorker } from "../../cluster.js";
import type { CommandIo } from "../frame/command.js";
import { ExitCode } from "../frame/exit-code.js";
import { createServerLog, writeJsonLine } from "../serve/server-log.js";
import { addWorkerOptions, toWorkerOptions, type WorkerFlags } from "./worker-flags.js";

export const define: (command: Command) => void = addWorkerOptions;

export async function run(command: Command, io: CommandIo): Promise<ExitCode> {
  const flags = command.opts<WorkerFlags>();
  const worker = await startWorker({ ...toWorkerOptions(flags), onEvent: createServerLog(flags, io) });
  if (flags.json) writeJsonLine({ kind: "ready", id: worker.id, target: worker.target }, io);
  else
    io.writeOut(
      `Working for ${worker.target}\n  Stop it   Ctrl-C; what is not done goes to another worker\n`,
    );
  io.goOnWithoutReader();
  if (!io.signal.aborted) await once(io.signal, "abort");
  if (!flags.json) io.writeError("Stopping; Ctrl-C again ends at once.\n");
  await worker.close();
  if (flags.json) writeJsonLine({ kind: "stopped" }, io);
  else io.writeError("Stopped.\n");
  return ExitCode.interrupted;
}
