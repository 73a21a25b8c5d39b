import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { type Download, HttpClient } from "../../src/http/http-client.js";
import type { ServerAnswer } from "../../src/outcome/index.js";

type Answer = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

const key = "sk-0123456789abcdef";

export async function startServer(answer: Answer): Promise<string> {
  const server: Server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

export function openClient(baseURL: string, timeoutMs?: number): HttpClient {
  const client = new HttpClient({ baseURL, apiKey: key, timeoutMs, environment: {} });
  onTestFinished(() => client.close());
  return client;
}

export function assertDownload(answer: Download | ServerAnswer): Download {
  if ("content" in answer) return answer;
  throw new Error(`expected a download, found status ${answer.status}`);
}

export const gigabyte = 2 ** 30;
const chunk = Buffer.alloc(2 ** 16, "x");

/** A gigabyte, piece by piece. */
export function* chunks(): Generator<Buffer> {
  for (let sent = 0; sent < gigabyte; sent += chunk.length) yield chunk;
}
