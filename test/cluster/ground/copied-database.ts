import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import pg from "pg";
import { mainFile } from "../../cli/start-cli.js";
import { findNode } from "./find-node.js";
import { postgres } from "./postgres.js";

/** Where the clock of a test stands before that of PostgreSQL: whoever asks for `now()` is told what it shows. */
const clockPath = "openbatch_clock, pg_catalog, public";

const clock = `
  create schema openbatch_clock;
  create table openbatch_clock.clock (shown timestamptz, at timestamptz, speed float8);
  insert into openbatch_clock.clock values (now(), now(), 1);
  create function openbatch_clock.now() returns timestamptz stable language sql as
    $$ select shown + (pg_catalog.now() - at) * speed from openbatch_clock.clock $$`;

let count = 0;

/** A database with its tables, copied from one that is made once and kept; and with a clock that a test may set. */
export async function copyDatabase({ hasClock = false } = {}): Promise<string> {
  count += 1;
  const name = `openbatch_test_${process.pid}_${Date.now()}_${count}`;
  const client = new pg.Client({ connectionString: postgres });
  await client.connect();
  try {
    // Of several that come at once one makes it, and who copies it is alone with it.
    await client.query("select pg_advisory_lock(hashtext('openbatch_template'))");
    const template = await findTemplate(client, hasClock);
    await client.query(`create database ${name} template ${template}`);
    if (hasClock) await client.query(`alter database ${name} set search_path = ${clockPath}`);
  } finally {
    await client.end();
  }
  return toAddress(name);
}

export async function dropDatabase(database: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgres });
  await client.connect();
  try {
    await client.query(`drop database if exists ${new URL(database).pathname.slice(1)} with (force)`);
  } finally {
    await client.end();
  }
}

async function findTemplate(client: pg.Client, hasClock: boolean): Promise<string> {
  const name = `openbatch_template_${digestOfTables()}${hasClock ? "_clock" : ""}`;
  const { rowCount } = await client.query("select from pg_database where datname = $1", [name]);
  if (rowCount === 1) return name;
  const making = `${name}_${process.pid}`;
  await client.query(`drop database if exists ${making}`);
  await client.query(`create database ${making}`);
  if (hasClock) {
    const own = new pg.Client({ connectionString: toAddress(making) });
    await own.connect();
    await own.query(clock).finally(() => own.end());
    await client.query(`alter database ${making} set search_path = ${clockPath}`);
  }
  await promisify(execFile)(findNode(), [mainFile, "migrate", "--database", toAddress(making)]);
  await client.query(`alter database ${making} rename to ${name}`);
  return name;
}

/** Tells the tables of one version from those of another, ours and those of the queue. */
function digestOfTables(): string {
  const paths = ["../../../src/cluster/database/migrations.ts", "../../../node_modules/pg-boss/package.json"];
  const texts = paths.map((path) => readFileSync(new URL(path, import.meta.url), "utf8"));
  return createHash("sha256").update(texts.join("")).digest("hex").slice(0, 12);
}

function toAddress(name: string): string {
  const url = new URL(postgres ?? "");
  url.pathname = `/${name}`;
  return url.href;
}
