import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { type Block, parseCommands, type ShownCommand } from "./block.js";
import { findDifference } from "./compare-output.js";
import { type RunningCommand, runCommands, startCommand } from "./run-commands.js";

/**
 * Goes through the blocks of a page in order, as its reader would: files that it gives are written, commands are run. Gives
 * where it shows something else than what is.
 */
export async function runPage(folder: string, blocks: readonly Block[]): Promise<readonly string[]> {
  const port = await findFreePort();
  const differences: string[] = [];
  const running: RunningCommand[] = [];
  try {
    for (const block of blocks) differences.push(...(await runBlock(block, { folder, port, running })));
  } finally {
    await Promise.all(running.map((command) => command.stop()));
  }
  return differences;
}

interface PageState {
  readonly folder: string;
  /** Stands in the place of the port that pages show. */
  readonly port: string;
  readonly running: RunningCommand[];
}

const shownPort = "4040";

async function runBlock(block: Block, state: PageState): Promise<readonly string[]> {
  const file = /^file: (\S+)/.exec(block.note)?.[1];
  if (file?.startsWith("examples/")) return compareFile(block, path.join(state.folder, file));
  if (file !== undefined) {
    writeFileSync(path.join(state.folder, file), block.code.replaceAll(shownPort, state.port));
  }
  if (block.language !== "console" || block.note.startsWith("not run")) return [];
  const commands = parseCommands(block);
  const outputs = block.note === "goes on" ? await start(commands, state) : await runAll(commands, state);
  return commands.flatMap(({ line, command, output }, index) => {
    const printed = (outputs[index] ?? []).map((text) => text.replaceAll(state.port, shownPort));
    const difference = findDifference(output, printed);
    return difference === undefined ? [] : [`${block.page}:${line}: $ ${command}\n${difference}`];
  });
}

/** A file of the project's own that a page shows. */
function compareFile({ page, line, code }: Block, file: string): readonly string[] {
  return code === readFileSync(file, "utf8") ? [] : [`${page}:${line}: is not what ${file} holds`];
}

function runAll(commands: readonly ShownCommand[], { folder, port }: PageState) {
  return runCommands(
    folder,
    commands.map(({ command }) => command.replaceAll(shownPort, port)),
  );
}

/** Leaves a command running once it has printed what is shown of it. */
async function start(commands: readonly ShownCommand[], { folder, port, running }: PageState) {
  const [shown, ...others] = commands;
  if (shown === undefined || others.length > 0) throw new Error("Such a block shows one command.");
  const isReady = (lines: readonly string[]) =>
    findDifference(
      shown.output,
      lines.map((line) => line.replaceAll(port, shownPort)),
    ) === undefined;
  const command = await startCommand(folder, shown.command.replaceAll(shownPort, port), isReady);
  running.push(command);
  return [command.output];
}

function findFreePort(): Promise<string> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" ? address?.port : undefined;
      server.close(() => resolve(String(port)));
    });
  });
}
