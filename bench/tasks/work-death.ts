// The longest time without a commit of a range, in seconds, where one of three workers is killed in the middle of a batch.
import { createBatch, startCluster, untilCompleted } from "../cluster.js";
import { readArguments, tell } from "../report.js";

const { file, count, baseURL, concurrency } = readArguments();
await using cluster = await startCluster({
  ...{ storage: `${file}.storage`, workers: 3, upstream: baseURL },
  args: ["--concurrency", String(concurrency)],
});
const [victim] = cluster.workers;
let isKilled = false;
await untilCompleted(cluster, await createBatch(cluster, file), {
  count,
  onLook: (completed) => {
    if (isKilled || completed < count / 3) return;
    isKilled = true;
    victim?.kill();
  },
});
const [row] = await cluster.query(`select max(gap) as longest from (
  select extract(epoch from at - lag(at) over (order by at))::float8 as gap from openbatch.segments) as gaps`);
tell({ value: Number(row?.longest) });
