import type { Command } from "commander";
import { startWorker } from "../../cluster.js";
import type { CommandIo } from "../frame/command.js";
import type { ExitCode } from "../frame/exit-code.js";
import { createServerLog, logStep, writeJsonLine } from "../serve/server-log.js";
import { untilStopped } from "../serve/until-stopped.js";
import { addWorkerOptions, toWorkerOptions, type WorkerFlags } from "./worker-flags.js";

export const define: (command: Command) => void = addWorkerOptions;

export async function run(command: Command, io: CommandIo): Promise<ExitCode> {
  const flags = command.opts<WorkerFlags>();
  const options = await toWorkerOptions(flags);
  const worker = await startWorker({ ...options, onEvent: createServerLog(flags, io) });
  const { id, target, metricsURL: metrics } = worker;
  logStep({ kind: "ready", role: "worker", target, metrics }, { flags, io });
  if (flags.json) writeJsonLine({ kind: "ready", id, target, metrics }, io);
  else
    io.writeOut(
      `Working for ${target}\n${metrics === undefined ? "" : `  Metrics   ${metrics}\n`}  Stop it   Ctrl-C; what is not done goes to another worker\n`,
    );
  return untilStopped(worker, flags, io);
}
