import { once } from "node:events";
import type { Command } from "commander";
import { toPlainText } from "../../errors/index.js";
import { serveView, type ViewedFiles } from "../../view.js";
import type { CommandIo } from "../frame/command.js";
import { ExitCode } from "../frame/exit-code.js";
import { toJsonText } from "../frame/quoting.js";
import { sayOut } from "../frame/say.js";
import { openBrowser } from "./open-browser.js";
import { addViewOptions, type ViewFlags } from "./view-flags.js";
import { findViewed } from "./view-inputs.js";

export const define: (command: Command) => void = addViewOptions;

export async function run(command: Command, io: CommandIo): Promise<ExitCode> {
  const flags = command.opts<ViewFlags>();
  io.signal.throwIfAborted();
  const sources = await findViewed(command.args, flags);
  const { port } = flags;
  const view = await serveView({ sources, ...(port === undefined ? {} : { port }) });
  writeReady({ link: view.link, port: view.port, sources }, flags, io);
  const close = flags.open && io.isTerminal && !flags.json ? openBrowser(view.link) : undefined;
  // Whoever wanted the link alone closes the output, as `| head -1` does.
  io.goOnWithoutReader();
  if (!io.signal.aborted) await once(io.signal, "abort");
  close?.();
  await view.close();
  return ExitCode.interrupted;
}

interface Ready {
  readonly link: string;
  readonly port: number;
  readonly sources: readonly ViewedFiles[];
}

function writeReady({ link, port, sources }: Ready, { json }: ViewFlags, io: CommandIo): void {
  if (json) return io.writeOut(`${toJsonText({ kind: "ready", link, port })}\n`);
  const names = sources.map(toName).join(", ");
  sayOut(
    io,
    `Showing ${toPlainText(names)} at
  ${link}
The link holds a key to what is shown: give it to nobody. Ctrl-C stops it.
`,
  );
}

function toName({ requests, results }: ViewedFiles): string {
  const files = results.map(String).join(" and ");
  if (requests === undefined) return files;
  return results.length === 0
    ? `${String(requests)}, without results yet`
    : `${String(requests)} with ${files}`;
}
