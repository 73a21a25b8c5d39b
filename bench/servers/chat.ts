// Answers every request with the same chat completion, at once or after the milliseconds that it is given.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tellAddress } from "../report.js";

const delayMs = Number(process.argv[2] ?? 0);
const answer = Buffer.from(
  JSON.stringify({
    id: "chatcmpl-BQ7xYv2mTq0sJr5nKc8dLw1eHfUzA",
    object: "chat.completion",
    created: 1_767_225_600,
    model: "gpt-4o-mini-2024-07-18",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: "positive", refusal: null, annotations: [] },
        logprobs: null,
        finish_reason: "stop",
      },
    ],
    usage: {
      prompt_tokens: 62,
      completion_tokens: 2,
      total_tokens: 64,
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
      completion_tokens_details: {
        reasoning_tokens: 0,
        audio_tokens: 0,
        accepted_prediction_tokens: 0,
        rejected_prediction_tokens: 0,
      },
    },
    service_tier: "default",
    system_fingerprint: "fp_560af6e559",
  }),
);
const headers = {
  "content-type": "application/json",
  "content-length": answer.length,
  "x-request-id": "req_4f2d9c1b7a6e4d0f8b3a5c7e9d1f2a4b",
};

const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    if (delayMs === 0) send(response);
    else setTimeout(send, delayMs, response);
  });
});
// Room for all connections of a figure that come at once.
server.listen({ host: "127.0.0.1", port: 0, backlog: 4096 }, () => {
  // It listens on a port, and so has an address that is no path.
  const { port } = server.address() as AddressInfo;
  tellAddress({ baseURL: `http://127.0.0.1:${port}/v1` });
});

function send(response: ServerResponse): void {
  response.writeHead(200, headers).end(answer);
}
