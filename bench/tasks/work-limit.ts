// By how many percent the requests of a minute are at most off the limit that three workers share: over each minute that begins
// after the first second, and ends before the last one.
import { createBatch, startCluster, untilCompleted } from "../cluster.js";
import { startRecordingServer } from "../recording-server.js";
import { readArguments, tell } from "../report.js";

const limit = 1200;
const minuteMs = 60_000;

const { file, count } = readArguments();
using server = await startRecordingServer(50);
await using cluster = await startCluster({
  ...{ storage: `${file}.storage`, workers: 3, upstream: server.baseURL },
  args: ["--requests-per-minute", String(limit)],
});
await untilCompleted(cluster, await createBatch(cluster, file), { count, everyMs: 1_000 });
const times = server.askedAt;
const [first = 0, last = 0] = [times[0], times.at(-1)];
const counts: number[] = [];
for (let from = first + 1_000; from + minuteMs <= last - 1_000; from += 1_000)
  counts.push(times.filter((time) => time >= from && time < from + minuteMs).length);
const [least, most] = [Math.min(...counts), Math.max(...counts)];
tell({
  value: (Math.max(most - limit, limit - least) / limit) * 100,
  note: `of ${counts.length} minutes the least ${least}, the most ${most}, of ${limit}`,
});
