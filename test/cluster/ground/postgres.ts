import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { onTestFinished } from "vitest";
import { findNode } from "./find-node.js";

/** A PostgreSQL in which databases may be made; without it, tests that need one are skipped. */
export const postgres = process.env.OPENBATCH_POSTGRES;

/** What a skipped test says. */
export const withoutPostgres = "(skipped: OPENBATCH_POSTGRES names no PostgreSQL)";

const mainFile = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));

let count = 0;

/** Makes a database of its own, empty, and removes it at the end of the test. */
export async function createDatabase(): Promise<string> {
  count += 1;
  const name = `openbatch_test_${process.pid}_${Date.now()}_${count}`;
  await query(postgres ?? "", `create database ${name}`);
  onTestFinished(() =>
    query(postgres ?? "", `drop database if exists ${name} with (force)`).then(() => undefined),
  );
  const url = new URL(postgres ?? "");
  url.pathname = `/${name}`;
  return url.href;
}

/** Asks a database. */
export async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

export interface Started {
  readonly pid: number;
  /** What it has written so far. */
  readonly said: () => string;
  says(text: RegExp): Promise<RegExpExecArray>;
  /** Ends it, and gives its exit code or signal. */
  end(signal?: NodeJS.Signals): Promise<number | string>;
  readonly ended: Promise<number | string>;
  readonly isEnded: () => boolean;
}

export interface Starting {
  readonly env?: Readonly<Record<string, string>>;
  /** A command that starts it: on another host, by another clock. */
  readonly around?: readonly string[];
  /** The file of another build. */
  readonly main?: string;
}

/** Starts `openbatch ARGS` under a Node that takes it. */
export function start(
  args: readonly string[],
  { env = {}, around = [], main = mainFile }: Starting = {},
): Started {
  const [program = "", ...rest] = [...around, findNode(), main, ...args];
  const child = spawn(program, rest, { env: { ...process.env, NO_COLOR: "1", ...env } });
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  const told = new Set<() => void>();
  const tell = (): void => {
    for (const each of told) each();
    told.clear();
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      tell();
    });
  }
  let isClosed = false;
  child.on("close", () => {
    isClosed = true;
    tell();
  });
  const ended = once(child, "close").then(([code, signal]): number | string => code ?? signal);
  return {
    pid: child.pid ?? 0,
    said: () => said,
    async says(text) {
      for (;;) {
        const found = text.exec(said);
        if (found !== null) return found;
        if (isClosed) throw new Error(`It ended, and had not said ${text}: ${said}`);
        await new Promise<void>((resolve) => told.add(resolve));
      }
    },
    async end(signal = "SIGKILL") {
      child.kill(signal);
      return ended;
    },
    ended,
    isEnded: () => child.exitCode !== null || child.signalCode !== null,
  };
}

/** A database that is ready, and a server on it. */
export async function startServer(
  database: string,
  storage: string,
  {
    args = [],
    port = "0",
    ...starting
  }: Starting & { readonly port?: string; readonly args?: readonly string[] } = {},
): Promise<Started & { readonly baseURL: string }> {
  const server = start(
    ["serve", "--port", port, "--json", "--database", database, "--storage", storage, ...args],
    starting,
  );
  const [, baseURL = ""] = await server.says(/"base_url":"([^"]+)"/);
  return { ...server, baseURL };
}
