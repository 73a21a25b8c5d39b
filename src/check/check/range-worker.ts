import { parentPort, workerData } from "node:worker_threads";
import type { ByteRange } from "./byte-range.js";
import { RangeChecker, type RangeReply, type RangeWorkerData } from "./range-check.js";

// The entry of a worker thread: it is given one range after the other.
// Started by WorkerThread alone, with this data.
const { fd, options } = workerData as RangeWorkerData;
const checker = new RangeChecker(fd, options);

parentPort?.on("message", async (range: ByteRange) => {
  try {
    const result = await checker.check(range);
    const { hashes, lines, offsets } = result.ids;
    send({ kind: "checked", result }, [hashes.buffer, lines.buffer, offsets.buffer]);
  } catch (error) {
    send({ kind: "failed", error }, []);
  }
});

function send(reply: RangeReply, transfer: ArrayBuffer[]): void {
  parentPort?.postMessage(reply, transfer);
}
