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
  const ports = new Map<string, string>();
  for (const shown of shownPorts) ports.set(shown, await findFreePort());
  const differences: string[] = [];
  const running: RunningCommand[] = [];
  try {
    for (const block of blocks) differences.push(...(await runBlock(block, { folder, ports, running })));
  } finally {
    await Promise.all(running.map((command) => command.stop()));
  }
  return differences;
}

interface PageState {
  readonly folder: string;
  /** What stands in the place of the ports that pages show. */
  readonly ports: ReadonlyMap<string, string>;
  readonly running: RunningCommand[];
}

const shownPorts = ["4040", "4041", "9464"];

function toOwnPorts(text: string, { ports }: PageState): string {
  return shownPorts.reduce((own, shown) => own.replaceAll(shown, ports.get(shown) ?? shown), text);
}

function toShownPorts(text: string, { ports }: PageState): string {
  return shownPorts.reduce((shown, each) => shown.replaceAll(ports.get(each) ?? each, each), text);
}

async function runBlock(block: Block, state: PageState): Promise<readonly string[]> {
  const file = /^file: (\S+)/.exec(block.note)?.[1];
  if (file?.startsWith("examples/")) return compareFile(block, path.join(state.folder, file));
  if (file !== undefined) {
    writeFileSync(path.join(state.folder, file), toOwnPorts(block.code, state));
  }
  if (block.language !== "console" || /^(?:not run|with PostgreSQL)/.test(block.note)) return [];
  const commands = parseCommands(block);
  const outputs = block.note === "goes on" ? await start(commands, state) : await runAll(commands, state);
  return commands.flatMap(({ line, command, output }, index) => {
    const printed = (outputs[index] ?? []).map((text) => toShownPorts(text, state));
    // How far it is, a command says only where it takes ten seconds: on a machine that does twenty other things.
    const others = printed.filter((text) => !/ {2}\d+% {2}/.test(text));
    const difference = findDifference(output, printed) && findDifference(output, others);
    return difference === undefined ? [] : [`${block.page}:${line}: $ ${command}\n${difference}`];
  });
}

/** A file of the project's own that a page shows. */
function compareFile({ page, line, code }: Block, file: string): readonly string[] {
  return code === readFileSync(file, "utf8") ? [] : [`${page}:${line}: is not what ${file} holds`];
}

function runAll(commands: readonly ShownCommand[], state: PageState) {
  return runCommands(
    state.folder,
    commands.map(({ command }) => toOwnPorts(command, state)),
  );
}

/** Leaves a command running once it has printed what is shown of it. */
async function start(commands: readonly ShownCommand[], state: PageState) {
  const [shown, ...others] = commands;
  if (shown === undefined || others.length > 0) throw new Error("Such a block shows one command.");
  const isReady = (lines: readonly string[]) =>
    findDifference(
      shown.output,
      lines.map((line) => toShownPorts(line, state)),
    ) === undefined;
  const command = await startCommand(state.folder, toOwnPorts(shown.command, state), isReady);
  state.running.push(command);
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
