import { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { OpenbatchError } from "../../errors/index.js";
import { fromCarried, fromCarriedJson, toCarried } from "./carried-text.js";
import { assertNode, loadPackage } from "./load-package.js";

/** A row, by the names of its columns. */
export type TableRow = Readonly<Record<string, unknown>>;

/** Runs statements: each on its own, or all in one transaction. */
export interface Session {
  query<Found extends TableRow = TableRow>(
    text: string,
    values?: readonly unknown[],
  ): Promise<readonly Found[]>;
}

const limits = { max: 10, idleTimeoutMillis: 30_000 };

/** A network may swallow what is sent and say nothing: each wait ends by itself, here and in the database. In milliseconds. */
const waits = {
  connectionTimeoutMillis: 5_000,
  statement_timeout: 20_000,
  // Somebody who locks a batch, and is not heard of any more, holds up all others.
  idle_in_transaction_session_timeout: 10_000,
  // An answer that is later than that does not come.
  query_timeout: 25_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
};

/** How long connections may take to say goodbye, in milliseconds. */
const closeMs = 3_000;

/** How long a listener waits until it tries to come back, in milliseconds. */
const listenAgainMs = 1_000;

/** Where openbatch tells its processes that something happened. */
const channel = "openbatch";

interface DatabaseParts {
  readonly pool: pg.Pool;
  readonly createClient: () => pg.Client;
  readonly place: string;
  /** Those of all connections. */
  readonly sockets: ReadonlySet<Socket>;
}

/**
 * PostgreSQL, through a pool of connections. What keeps it from being reached is thrown as `database_away`, what is refused
 * for good as `database_refused`.
 */
export class Database implements Session {
  readonly #pool: pg.Pool;
  readonly #createClient: () => pg.Client;
  readonly #place: string;
  readonly #sockets: ReadonlySet<Socket>;
  #listener: pg.Client | undefined;
  #isClosed = false;

  private constructor({ pool, createClient, place, sockets }: DatabaseParts) {
    this.#pool = pool;
    this.#createClient = createClient;
    this.#place = place;
    this.#sockets = sockets;
    // A connection that breaks while nobody uses it is replaced.
    pool.on("error", () => undefined);
  }

  /**
   * @param name what the database is told of who connects.
   * @throws OpenbatchError `missing_package`, `unsupported_runtime`, `invalid_option`. Nothing is connected yet.
   */
  static async open(url: string, name = "openbatch"): Promise<Database> {
    assertNode();
    const { default: driver } = await loadPackage("pg", () => import("pg"));
    const place = toPlace(url);
    const sockets = new Set<Socket>();
    const stream = (): Socket => {
      const socket = new Socket();
      sockets.add(socket);
      return socket.once("close", () => sockets.delete(socket));
    };
    const types = { getTypeParser: createParsers(driver.types) };
    const options = { connectionString: url, application_name: name, ...waits, stream, types };
    const pool = new driver.Pool({ ...options, ...limits });
    return new Database({ pool, createClient: () => new driver.Client(options), place, sockets });
  }

  async query<Found extends TableRow = TableRow>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<readonly Found[]> {
    try {
      return (await this.#pool.query<Found>(text, values.map(toCarried))).rows;
    } catch (error) {
      throw this.#toError(error);
    }
  }

  /** The same for who sends several statements in one text, which takes no values. */
  async execute(text: string, values?: unknown[]): Promise<{ rows: unknown[] }> {
    try {
      return await this.#pool.query(text, values?.map(toCarried));
    } catch (error) {
      throw this.#toError(error);
    }
  }

  /** All or nothing of what is done in it. */
  async transaction<Value>(work: (session: Session) => Promise<Value>): Promise<Value> {
    const client = await this.#connect();
    let broken: Error | undefined;
    try {
      await client.query("begin");
      const value = await work(toSession(client));
      await client.query("commit");
      return value;
    } catch (error) {
      const known = this.#toError(error);
      if (isAway(known)) broken = known;
      else await client.query("rollback").catch((cause: Error) => (broken = cause));
      throw known;
    } finally {
      client.release(broken);
    }
  }

  /** Calls back with all that is told, and with "" once it may have missed something. */
  listen(onTold: (payload: string) => void): void {
    void this.#listenOn(onTold);
  }

  async #listenOn(onTold: (payload: string) => void): Promise<void> {
    while (!this.#isClosed) {
      const client = this.#createClient();
      const ended = new Promise<void>((resolve) => {
        client.once("end", resolve);
        client.on("error", () => resolve());
      });
      try {
        await client.connect();
        this.#listener = client;
        client.on("notification", ({ payload }) => onTold(payload ?? ""));
        await client.query(`listen ${channel}`);
        onTold("");
        if (!this.#isClosed) await ended;
      } catch {
        // It is tried again.
      }
      await client.end().catch(() => undefined);
      if (!this.#isClosed) await sleep(listenAgainMs, undefined, { ref: false });
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const closing = Promise.all([this.#listener?.end().catch(() => undefined), this.#pool.end()]);
    await Promise.race([closing, sleep(closeMs, undefined, { ref: false })]);
    for (const socket of this.#sockets) socket.destroy();
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      const client = await this.#pool.connect();
      // Without a listener an error of a connection that is in use would end the process.
      if (client.listenerCount("error") === 0) client.on("error", () => undefined);
      return client;
    } catch (error) {
      throw this.#toError(error);
    }
  }

  #toError(error: unknown): Error {
    if (!(error instanceof Error)) return new TypeError("The database failed.");
    const why = findRefusal(error);
    if (why !== undefined) {
      const message = `The database at ${this.#place} does not let openbatch in: ${why}.`;
      return new OpenbatchError("database_refused", message, { cause: error });
    }
    if (!isConnectionError(error)) return error;
    return new OpenbatchError("database_away", `The database at ${this.#place} cannot be reached.`, {
      cause: error,
    });
  }
}

/** Whether what failed will do once the database is back. */
export function isAway(error: unknown): error is OpenbatchError {
  return error instanceof OpenbatchError && error.code === "database_away";
}

/** Tells every process that listens, once the transaction is through. */
export async function tell(session: Session, payload: string): Promise<void> {
  await session.query("select pg_notify($1, $2)", [channel, payload]);
}

function toSession(client: pg.PoolClient): Session {
  return {
    async query<Found extends TableRow>(text: string, values: readonly unknown[] = []) {
      return (await client.query<Found>(text, values.map(toCarried))).rows;
    },
  };
}

/** What the driver calls the types in which a text of a caller may lie, by their numbers in every PostgreSQL. */
const textTypes = { json: 114, jsonb: 3802, text: 25, texts: 1009 };

/** Reads what lies in the database. */
function createParsers({ getTypeParser }: typeof pg.types): typeof getTypeParser {
  const { json, jsonb, text, texts } = textTypes;
  const parseTexts: (found: string) => readonly (string | null)[] = getTypeParser(texts, "text");
  return (type: number, format?: "text" | "binary") => {
    if (type === json || type === jsonb) return fromCarriedJson;
    if (type === text) return fromCarried;
    if (type === texts) return (found: string) => parseTexts(found).map((each) => each && fromCarried(each));
    return getTypeParser(type, format as "text");
  };
}

/** Host and name alone: an address may hold a password. */
function toPlace(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url);
    if (/^postgres(?:ql)?:$/.test(protocol)) return `${host}${pathname}`;
  } catch {
    // It is told below, and not quoted.
  }
  throw new OpenbatchError("invalid_option", "database (--database) is not the address of a PostgreSQL.", {
    hint: "Give one such as postgres://user@host:5432/openbatch.",
  });
}

/**
 * Classes 08 (connection), 53 (no room) and 57P (it stops, or is only starting); a standby that is about to take over (25006); what
 * took too long there (25P03, 57014); what the system says; what the driver says itself.
 */
function isConnectionError(error: Error): boolean {
  const code = toCode(error);
  if (/^(?:08|53|57P|25006|25P03|57014)/.test(code)) return true;
  if (/^E[A-Z]{3,}$/.test(code)) return true;
  return code === "" && /connect|terminated|timeout|not queryable/i.test(error.message);
}

/** What waiting does not mend. PostgreSQL's own words are not shown: they may quote what is secret. */
function findRefusal(error: Error): string | undefined {
  const code = toCode(error);
  if (code === "3D000") return "there is no database of that name";
  if (code === "42501") return "the user of the address may not do this";
  if (/^28/.test(code)) return "the user or the password is not accepted";
  if (/CERT|UNABLE_TO_VERIFY/.test(code)) return "its certificate is not one that is trusted here";
  if (code === "" && /does not support SSL/.test(error.message))
    return "it speaks no TLS, which the address asks for";
  return undefined;
}

function toCode(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}
