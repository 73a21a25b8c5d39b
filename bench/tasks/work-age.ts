// How old the counts of a batch are at most where they are asked for, in seconds: since an answer that they do not hold yet.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createBatch, startCluster, untilCompleted } from "../cluster.js";
import { createCompletion } from "../made-up-completion.js";
import { readArguments, tell } from "../report.js";

const { file, count, concurrency } = readArguments();
const body = JSON.stringify(createCompletion({ id: "chatcmpl-1", content: "positive", completionTokens: 2 }));
const answeredAt: number[] = [];
const server = createServer((request, response) => {
  request.resume().on("end", () => {
    setTimeout(() => {
      response.writeHead(200, { "content-type": "application/json" }).end(body);
      answeredAt.push(performance.now());
    }, 200);
  });
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
// It listens on a port, and so has an address that is no path.
const { port } = server.address() as AddressInfo;
await using cluster = await startCluster({
  ...{ storage: `${file}.storage`, workers: 2, upstream: `http://127.0.0.1:${port}/v1` },
  args: ["--concurrency", String(concurrency)],
});
let oldest = 0;
await untilCompleted(cluster, await createBatch(cluster, file), {
  count,
  onLook: (completed) => {
    const next = answeredAt[completed];
    if (next !== undefined) oldest = Math.max(oldest, (performance.now() - next) / 1000);
  },
});
server.closeAllConnections();
server.close();
tell({ value: oldest });
