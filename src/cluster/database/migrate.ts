import { OpenbatchError } from "../../errors/index.js";
import { Database, type Session } from "./database.js";
import { migrations } from "./migrations.js";
import { TaskQueue } from "./task-queue.js";

/** Where the tables were, and where they are now. */
export interface Migration {
  readonly from: number;
  readonly to: number;
}

/**
 * Brings the tables in a database to this version of openbatch: those of files and batches in the schema `openbatch`, those of the
 * queue in `openbatch_queue`.
 * @throws OpenbatchError `schema_differs` where they are of a newer openbatch; `database_away`, `database_refused`, `missing_package`, `unsupported_runtime`.
 */
export async function migrate(options: { readonly database: string }): Promise<Migration> {
  const database = await Database.open(options.database);
  try {
    const migration = await database.transaction(migrateTables);
    await TaskQueue.migrate(database);
    return migration;
  } finally {
    await database.close();
  }
}

async function migrateTables(session: Session): Promise<Migration> {
  // Of two that come at once the second waits, and finds it done.
  await session.query("select pg_advisory_xact_lock(hashtext('openbatch'))");
  await session.query("create schema if not exists openbatch");
  await session.query(
    "create table if not exists openbatch.versions (version int primary key, at timestamptz not null default now())",
  );
  const from = await readVersion(session);
  if (from > migrations.length) throw toDifference(from);
  for (const [index, sql] of migrations.entries()) {
    if (index < from) continue;
    for (const statement of sql.split(/;\n/)) if (statement.trim() !== "") await session.query(statement);
    await session.query("insert into openbatch.versions (version) values ($1)", [index + 1]);
  }
  return { from, to: migrations.length };
}

/** @throws OpenbatchError `schema_differs` */
export async function assertMigrated(database: Database): Promise<void> {
  const version = await findVersion(database);
  if (version !== migrations.length) throw toDifference(version);
}

async function findVersion(database: Database): Promise<number> {
  const [found] = await database.query<{ there: boolean }>(
    "select to_regclass('openbatch.versions') is not null as there",
  );
  return found?.there === true ? readVersion(database) : 0;
}

async function readVersion(session: Session): Promise<number> {
  const [found] = await session.query<{ version: number }>(
    "select coalesce(max(version), 0)::int as version from openbatch.versions",
  );
  return found?.version ?? 0;
}

function toDifference(version: number): OpenbatchError {
  const needed = migrations.length;
  if (version === 0) {
    return new OpenbatchError("schema_differs", "The database has no tables of openbatch.");
  }
  if (version < needed) {
    const message = `The tables in the database are of schema ${version}, and this openbatch needs schema ${needed}.`;
    return new OpenbatchError("schema_differs", message);
  }
  return new OpenbatchError(
    "schema_differs",
    `The tables in the database are of schema ${version}, and this openbatch knows those up to schema ${needed}.`,
    { hint: "Use the openbatch that brought them there, or a newer one." },
  );
}
