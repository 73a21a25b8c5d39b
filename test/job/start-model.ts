import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Result, readResults } from "../../src/results/index.js";
import { startBatchServer } from "../../src/testing.js";
import { asking, chatBody, chatLine, citySchema } from "../lines.js";
import { collect } from "../results/read-all.js";
import { temporaryFolder } from "../temporary-folder.js";

interface ChatBody {
  readonly max_tokens: number;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
}

/** Gives what the model says to a body that it refuses. */
export type Refuse = (body: ChatBody) => object | undefined;

/** A model that needs 30 tokens, and gets its JSON right when it is told what was wrong. */
function answer({ max_tokens, messages }: ChatBody) {
  if (max_tokens < 30) return chatBody('{"city":"Par', { finish: "length" });
  return chatBody(messages.length === 1 ? '{"city":"Paris"}' : '{"city":"Paris","population":2}');
}

async function startModel(refuse?: Refuse) {
  const asked: ChatBody[] = [];
  const server = createServer(async (request, response) => {
    if (request.method !== "POST") return void response.writeHead(404).end();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as ChatBody;
    asked.push(body);
    const refusal = refuse?.(body);
    if (refusal !== undefined) response.statusCode = 400;
    response.setHeader("content-type", "application/json").end(JSON.stringify(refusal ?? answer(body)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return { asked, baseURL, [Symbol.asyncDispose]: async () => void server.close() };
}

/** A batch file of questions with these limits by id, and the local Batch API before the model. */
export async function startWithModel(limits: Readonly<Record<string, number>>, refuse?: Refuse) {
  let called: (() => void) | undefined;
  const file = join(temporaryFolder(), "requests.jsonl");
  const lines = Object.entries(limits).map(([id, max_tokens]) =>
    chatLine(id, { ...asking("city", citySchema), max_tokens, model: "a-model" }),
  );
  writeFileSync(file, `${lines.join("\n")}\n`);
  const model = await startModel(refuse);
  const server = await startBatchServer({
    upstream: { baseURL: model.baseURL },
    onEvent: (event) => event.kind === "request" && called?.(),
  });
  return {
    ...{ file, asked: model.asked, server },
    sent: () => model.asked.map(({ max_tokens, messages }) => `${max_tokens} ${messages.length}`).sort(),
    onCall: (next: (() => void) | undefined) => {
      called = next;
    },
    options: { baseURL: server.baseURL, apiKey: server.apiKey, pollSeconds: 0.1 },
    results: () =>
      collect<Result>(readResults({ requests: file, results: file.replace(".jsonl", ".results.jsonl") })),
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await model[Symbol.asyncDispose]();
    },
  };
}
