// A server of chat completions that takes its time, and tells when it was asked and when it answered.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createCompletion } from "./made-up-completion.js";

export interface RecordingServer extends Disposable {
  readonly baseURL: string;
  /** In milliseconds of `performance.now()`. */
  readonly askedAt: readonly number[];
  readonly answeredAt: readonly number[];
}

export async function startRecordingServer(delayMs: number): Promise<RecordingServer> {
  const body = JSON.stringify(
    createCompletion({ id: "chatcmpl-1", content: "positive", completionTokens: 2 }),
  );
  const askedAt: number[] = [];
  const answeredAt: number[] = [];
  const server = createServer((request, response) => {
    askedAt.push(performance.now());
    request.resume().on("end", () => {
      setTimeout(() => {
        response.writeHead(200, { "content-type": "application/json" }).end(body);
        answeredAt.push(performance.now());
      }, delayMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // It listens on a port, and so has an address that is no path.
  const { port } = server.address() as AddressInfo;
  return {
    ...{ baseURL: `http://127.0.0.1:${port}/v1`, askedAt, answeredAt },
    [Symbol.dispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
