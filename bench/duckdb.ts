import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { skip } from "./report.js";

/** What is used of `@duckdb/node-api`. */
interface DuckDb {
  readonly DuckDBInstance: {
    create(
      path: string,
      options: Readonly<Record<string, string>>,
    ): Promise<{ connect(): Promise<DuckDbConnection> }>;
  };
}

export interface DuckDbConnection {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string): Promise<{ getRows(): unknown[][] }>;
}

const version = "1.5.6-r.1";
const folder = path.join(tmpdir(), `openbatch-bench-duckdb-${version}`);

/** DuckDB with one thread. Its 70 MB are no dependency: npm puts them into a temporary folder once. */
export async function openDuckDb(): Promise<DuckDbConnection> {
  if (!existsSync(path.join(folder, "node_modules"))) install();
  // As @duckdb/node-api of this version is.
  const { DuckDBInstance } = createRequire(path.join(folder, "index.js"))("@duckdb/node-api") as DuckDb;
  return (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
}

function install(): void {
  mkdirSync(folder, { recursive: true });
  const options = ["--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts"];
  try {
    execFileSync("npm", ["install", ...options, `@duckdb/node-api@${version}`], { stdio: "ignore" });
  } catch {
    skip("npm cannot install @duckdb/node-api here");
  }
}
