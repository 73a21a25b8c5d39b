// How many transactions PostgreSQL does for 1,000 requests, of servers and workers and also while they only wait.
import { createBatch, startCluster, untilCompleted } from "../cluster.js";
import { readArguments, tell } from "../report.js";

const { file, count, baseURL, concurrency } = readArguments();
await using cluster = await startCluster({
  ...{ storage: `${file}.storage`, workers: 2, upstream: baseURL },
  args: ["--concurrency", String(concurrency)],
});
const countTransactions = async (): Promise<number> => {
  const [row] = await cluster.query(
    "select (xact_commit + xact_rollback)::float8 as count from pg_stat_database where datname = current_database()",
  );
  return Number(row?.count);
};
const before = await countTransactions();
// Looking is a transaction too.
await untilCompleted(cluster, await createBatch(cluster, file), { count, everyMs: 1000 });
tell({ value: ((await countTransactions()) - before) / (count / 1000) });
