// How old the counts of a batch are at most where they are asked for, in seconds: since an answer that they do not hold yet.
import { createBatch, startCluster, untilCompleted } from "../cluster.js";
import { startRecordingServer } from "../recording-server.js";
import { readArguments, tell } from "../report.js";

const { file, count, concurrency } = readArguments();
using server = await startRecordingServer(200);
await using cluster = await startCluster({
  ...{ storage: `${file}.storage`, workers: 2, upstream: server.baseURL },
  args: ["--concurrency", String(concurrency)],
});
let oldest = 0;
await untilCompleted(cluster, await createBatch(cluster, file), {
  count,
  onLook: (completed) => {
    const next = server.answeredAt[completed];
    if (next !== undefined) oldest = Math.max(oldest, (performance.now() - next) / 1000);
  },
});
tell({ value: oldest });
