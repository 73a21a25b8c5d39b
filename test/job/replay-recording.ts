import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly request_body: string;
  readonly status: number;
  readonly content_type: string;
  readonly response_body: string;
}

interface Call {
  readonly method: string | undefined;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Answers as a service was once recorded to: what was asked several times gets its answers in turn, and the last one from then on. */
export async function replayRecording(path: string, origin: string) {
  const exchanges = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Exchange);
  const answers = new Map<string, Exchange[]>();
  for (const exchange of exchanges) {
    const key = `${exchange.method} ${exchange.url.slice(origin.length)}`;
    answers.set(key, [...(answers.get(key) ?? []), exchange]);
  }
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const { method, url: asked = "", headers } = request;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    calls.push({ method, path: asked, headers, body: Buffer.concat(chunks).toString() });
    const recorded = answers.get(`${method} ${asked}`);
    const answer = recorded !== undefined && recorded.length > 1 ? recorded.shift() : recorded?.[0];
    response.writeHead(answer?.status ?? 404, { "content-type": answer?.content_type ?? "application/json" });
    response.end(
      answer?.response_body ?? '{"type":"error","error":{"type":"not_found_error","message":"Not recorded"}}',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ exchanges, calls, baseURL: `http://127.0.0.1:${port}/v1` },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
