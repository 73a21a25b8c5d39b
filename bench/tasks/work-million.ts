// The memory of a worker at its peak, in MB, with a batch of a million requests; beside it that of the server, and the time.
import { createBatch, peakBytesOf, startCluster, untilCompleted } from "../cluster.js";
import { readArguments, tell } from "../report.js";

const { file, count } = readArguments();
await using cluster = await startCluster({
  ...{ storage: `${file}.storage`, workers: 1, upstream: "" },
  args: ["--max-batch-requests", String(count), "--max-batch-bytes", "1000000000"],
});
const id = await createBatch(cluster, file);
const started = performance.now();
await untilCompleted(cluster, id, { count, everyMs: 500 });
const seconds = (performance.now() - started) / 1000;
const [worker = cluster.server] = cluster.workers;
const [ours, server] = [worker, cluster.server].map((each) => peakBytesOf(each) / 1_000_000);
tell({ value: ours ?? 0, note: `server ${server?.toFixed(0)} MB, ${seconds.toFixed(0)} s to completed` });
