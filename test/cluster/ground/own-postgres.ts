import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const versions = "/usr/lib/postgresql";

/** Where the programs of a PostgreSQL are that a test may start itself, as Debian has them. */
export const programs = existsSync(versions)
  ? readdirSync(versions)
      .map((version) => join(versions, version, "bin"))
      .find((folder) => existsSync(join(folder, "pg_ctl")))
  : undefined;

export interface OwnPostgres {
  readonly url: string;
  /** Ends it with all that is under way in it, as when the power fails. */
  kill(): Promise<void>;
  /** Starts it again: it recovers from its log. */
  startAgain(): Promise<void>;
}

/** A PostgreSQL of the test's own, which it may kill. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const isRoot = process.getuid?.() === 0;
  const folder = mkdtempSync(join(tmpdir(), "openbatch-postgres-"));
  if (isRoot) execFileSync("chown", ["postgres", folder]);
  const run = async (program: string, args: readonly string[]): Promise<void> => {
    const command = [join(programs ?? "", program), "-D", join(folder, "data"), ...args];
    const [name = "", ...rest] = isRoot ? ["runuser", "-u", "postgres", "--", ...command] : command;
    const child = spawn(name, rest, { stdio: "ignore", cwd: "/" });
    const [code] = await once(child, "exit");
    if (code !== 0) throw new Error(`${program} ended with ${code}.`);
  };
  const port = await findPort();
  const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1`;
  const startAgain = (): Promise<void> =>
    run("pg_ctl", ["-w", "-l", join(folder, "log"), "-o", options, "start"]);
  const kill = (): Promise<void> => run("pg_ctl", ["-w", "-m", "immediate", "stop"]);
  await run("initdb", ["-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-locale"]);
  await startAgain();
  onTestFinished(async () => {
    if (existsSync(join(folder, "data", "postmaster.pid"))) await kill();
    rmSync(folder, { recursive: true, force: true });
  });
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, kill, startAgain };
}

async function findPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
