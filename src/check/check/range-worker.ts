import { workerData } from "node:worker_threads";
import { serveThread } from "../../files/index.js";
import type { ByteRange } from "./byte-range.js";
import { RangeChecker, type RangeResult, type RangeWorkerData } from "./range-check.js";

// The entry of a worker thread: it is given one range after the other.
// Started by PlainFileCheck alone, with this data.
const { fd, options } = workerData as RangeWorkerData;
const checker = new RangeChecker(fd, options);

serveThread<ByteRange, RangeResult>({
  work: (range) => checker.check(range),
  listBuffers: ({ ids: { hashes, lines, offsets } }) => [hashes.buffer, lines.buffer, offsets.buffer],
});
