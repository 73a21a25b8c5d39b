import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A request as the server got it. */
export interface ReceivedRequest {
  /** Counted from 1, in the order in which they came. */
  readonly number: number;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The body as JSON. */
  readonly json: { readonly model?: string; readonly [key: string]: unknown };
  /** How many are being answered, this one too. */
  readonly inFlight: number;
  readonly at: number;
}

/** What to do with a request. By default a chat completion is answered at once. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is; anything else as JSON. */
  readonly body?: unknown;
  /** Bytes, sent as they are. */
  readonly bytes?: Buffer;
  readonly afterMs?: number;
  /** Sends no more than so many bytes of the body, and breaks the connection. */
  readonly cutAfterBytes?: number;
  /** Sends no more than so many bytes of the body, and then nothing. */
  readonly hangAfterBytes?: number;
  /** Breaks the connection without a byte. */
  readonly reset?: boolean;
  /** Never answers. */
  readonly hang?: boolean;
}

export interface LoopbackServer extends AsyncDisposable {
  /** With its version: `http://127.0.0.1:PORT/v1`. */
  readonly baseURL: string;
  readonly requests: readonly ReceivedRequest[];
  readonly inFlight: number;
  readonly mostInFlight: number;
  readonly connections: number;
  close(): Promise<void>;
}

type Respond = (request: ReceivedRequest) => Reply | undefined | Promise<Reply | undefined>;

/** A real server on 127.0.0.1, for tests: it answers as it is told, and remembers what it got. */
export async function startLoopbackServer(
  respond: Respond = () => undefined,
  { keepsRequests = true, port = 0 }: { readonly keepsRequests?: boolean; readonly port?: number } = {},
): Promise<LoopbackServer> {
  const requests: ReceivedRequest[] = [];
  let count = 0;
  let inFlight = 0;
  let mostInFlight = 0;
  let connections = 0;

  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    inFlight++;
    mostInFlight = Math.max(mostInFlight, inFlight);
    response.once("close", () => inFlight--);
    const body = await readBody(incoming);
    const request = toReceived(incoming, body, ++count, inFlight);
    if (keepsRequests) requests.push(request);
    await send(response, (await respond(request)) ?? {}, request);
  };
  const server = createServer((incoming, response) => {
    answer(incoming, response).catch(() => response.destroy());
  });
  server.on("connection", () => connections++);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  // A server that listens on TCP has an address with a port.
  const address = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    baseURL: `http://127.0.0.1:${address.port}/v1`,
    requests,
    get inFlight() {
      return inFlight;
    },
    get mostInFlight() {
      return mostInFlight;
    },
    get connections() {
      return connections;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A port on which nothing listens. */
export async function findFreePort(): Promise<number> {
  const server = await startLoopbackServer();
  await server.close();
  return Number(new URL(server.baseURL).port);
}

/** A chat completion that says where it is from. */
export function toChatCompletion({ number, json }: ReceivedRequest, text = `answer ${number}`): unknown {
  return {
    id: `chatcmpl-${number}`,
    object: "chat.completion",
    created: 1_760_000_000,
    model: json.model ?? "loopback",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: text, refusal: null },
        logprobs: null,
        finish_reason: "stop",
      },
    ],
    usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 },
  };
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function toReceived(
  incoming: IncomingMessage,
  body: string,
  number: number,
  inFlight: number,
): ReceivedRequest {
  const { url = "", headers } = incoming;
  return { number, path: url, headers, body, json: parse(body), inFlight, at: performance.now() };
}

function parse(body: string): ReceivedRequest["json"] {
  try {
    return JSON.parse(body);
  } catch {
    return {};
  }
}

async function send(response: ServerResponse, reply: Reply, request: ReceivedRequest): Promise<void> {
  if (reply.afterMs !== undefined) await sleep(reply.afterMs);
  if (reply.hang === true) return;
  if (reply.reset === true) return void response.destroy();
  const body = reply.body ?? toChatCompletion(request);
  const bytes = reply.bytes ?? Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  response.writeHead(reply.status ?? 200, {
    "content-type": "application/json",
    "content-length": bytes.length,
    "x-request-id": `req_loopback_${request.number}`,
    ...reply.headers,
  });
  if (reply.hangAfterBytes !== undefined) return void response.write(bytes.subarray(0, reply.hangAfterBytes));
  if (reply.cutAfterBytes === undefined) return void response.end(bytes);
  response.write(bytes.subarray(0, reply.cutAfterBytes), () => response.destroy());
}
