import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface CountingUpstream {
  readonly url: string;
  /** How often each prompt was sent. */
  readonly sent: ReadonlyMap<string, number>;
  /** When each was sent, in milliseconds. */
  readonly times: readonly number[];
  /** How many requests were sent in all. */
  readonly count: () => number;
  /** What they were authorized with. */
  readonly authorizations: ReadonlySet<string | undefined>;
}

export interface CountingUpstreamOptions {
  /** Where it listens; on this machine alone, if nothing is said. */
  readonly host?: string;
  /** Refuses every other key. */
  readonly key?: string;
  /** Repeats then what it was sent. */
  readonly quotes?: boolean;
  /** Refuses the first request, and asks to wait for so many seconds. */
  readonly firstWaitSeconds?: number;
}

/** A server of chat completions that takes its time, and counts what it is sent, also what is cut off. */
export async function startUpstream(
  delayMs: number,
  { key, quotes, firstWaitSeconds, host = "127.0.0.1" }: CountingUpstreamOptions = {},
): Promise<CountingUpstream> {
  const authorizations = new Set<string | undefined>();
  const sent = new Map<string, number>();
  const times: number[] = [];
  let count = 0;
  const server = createServer((incoming, outgoing) => {
    let text = "";
    const { authorization } = incoming.headers;
    authorizations.add(authorization);
    incoming.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    incoming.on("end", () => {
      if (key !== undefined && authorization !== `Bearer ${key}`) {
        outgoing.writeHead(401, { "content-type": "application/json" });
        const message = quotes === true ? `Incorrect API key for ${text}` : "Incorrect API key provided.";
        outgoing.end(JSON.stringify({ error: { message, code: "invalid_api_key" } }));
        return;
      }
      if (firstWaitSeconds !== undefined && times.length === 0) {
        times.push(performance.now());
        outgoing.writeHead(429, {
          "content-type": "application/json",
          "retry-after": String(firstWaitSeconds),
        });
        outgoing.end('{"error":{"message":"Rate limit reached.","code":"rate_limit_exceeded"}}');
        return;
      }
      const { model, messages } = JSON.parse(text);
      const prompt = String(messages[0].content);
      sent.set(prompt, (sent.get(prompt) ?? 0) + 1);
      count += 1;
      times.push(performance.now());
      setTimeout(() => {
        const isUnknown = model === "unknown";
        const body = isUnknown
          ? {
              error: {
                message: `The model 'unknown' does not exist`,
                type: "invalid_request_error",
                code: "model_not_found",
              },
            }
          : {
              id: "chatcmpl-1",
              object: "chat.completion",
              created: 1,
              model,
              choices: [{ index: 0, message: { role: "assistant", content: prompt }, finish_reason: "stop" }],
              usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
            };
        outgoing.writeHead(isUnknown ? 404 : 200, { "content-type": "application/json" });
        outgoing.end(JSON.stringify(body));
      }, delayMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://${host}:${port}/v1`, sent, times, count: () => count, authorizations };
}
