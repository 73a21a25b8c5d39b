// A bare loop that sends each body through a pool of connections and reads the answer, and writes nothing.
import { readFileSync } from "node:fs";
import { type Dispatcher, Pool } from "undici";
import { readArguments, timeTask } from "../report.js";

const { file, baseURL, concurrency } = readArguments();
const { origin, pathname } = new URL(baseURL);
const options = {
  method: "POST",
  path: `${pathname}/chat/completions`,
  headers: { "content-type": "application/json" },
} as const;

await timeTask(async () => {
  const pool = new Pool(origin, { connections: concurrency });
  const lines = readFileSync(file, "utf8").trimEnd().split("\n").values();
  const sendLines = async (): Promise<void> => {
    for (const line of lines) await send(pool, JSON.stringify(JSON.parse(line).body));
  };
  await Promise.all(Array.from({ length: concurrency }, sendLines));
  await pool.close();
});

/** `dispatch` is what `request` stands on, without the stream that this makes of each answer. */
function send(pool: Pool, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart() {},
      onResponseStart(_, status) {
        if (status !== 200) reject(new Error(`The server answered ${status}.`));
      },
      onResponseData(_, chunk) {
        chunks.push(chunk);
      },
      onResponseEnd() {
        resolve((chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)).toString());
      },
      onResponseError(_, error) {
        reject(error);
      },
    };
    pool.dispatch({ ...options, body }, handler);
  });
}
