// A bare loop that sends each body through a pool of connections and reads the answer, and writes nothing.
import { readFileSync } from "node:fs";
import { Pool } from "undici";
import { readArguments, timeTask } from "../report.js";

const { file, baseURL, concurrency } = readArguments();
const { origin, pathname } = new URL(baseURL);

await timeTask(async () => {
  const pool = new Pool(origin, { connections: concurrency });
  const lines = readFileSync(file, "utf8").trimEnd().split("\n").values();
  const sendLines = async (): Promise<void> => {
    for (const line of lines) {
      const answer = await pool.request({
        method: "POST",
        path: `${pathname}/chat/completions`,
        headers: { "content-type": "application/json" },
        body: JSON.stringify(JSON.parse(line).body),
      });
      await answer.body.text();
      if (answer.statusCode !== 200) throw new Error(`The server answered ${answer.statusCode}.`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, sendLines));
  await pool.close();
});
