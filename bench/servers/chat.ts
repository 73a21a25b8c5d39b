// Answers every request with the same chat completion, at once or after the milliseconds that it is given.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createCompletion } from "../made-up-completion.js";
import { tellAddress } from "../report.js";

const delayMs = Number(process.argv[2] ?? 0);
const answer = Buffer.from(
  JSON.stringify(
    createCompletion({
      id: "chatcmpl-BQ7xYv2mTq0sJr5nKc8dLw1eHfUzA",
      content: "positive",
      completionTokens: 2,
    }),
  ),
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
