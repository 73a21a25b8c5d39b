import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { startCli } from "../cli/start-cli.js";
import { type LoopbackServer, startLoopbackServer } from "../execute/loopback-server.js";
import { asking, chatBody, chatLine, toLines } from "../lines.js";

const moodSchema = {
  type: "object",
  properties: { mood: { type: "string", enum: ["good", "bad"] } },
  required: ["mood"],
  additionalProperties: false,
} as const;

export interface LiveRun {
  readonly file: string;
  readonly baseURL: string;
  /** Lets the server answer so many requests more, in all. */
  readonly answer: (count: number) => void;
  /** Lets the server refuse the next request, and ask everybody to wait for so many seconds. */
  readonly refuse: (seconds: number) => void;
  readonly start: () => ReturnType<typeof startCli>;
}

/** A batch file, and a server that answers its requests one by one as it is told: every tenth with an error. */
export async function prepareRun(folder: string, name: string, count: number): Promise<LiveRun> {
  const ids = Array.from({ length: count }, (_, index) => `request-${index + 1}`);
  const file = join(folder, `${name}.jsonl`);
  writeFileSync(file, toLines(ids.map((id) => chatLine(id, asking("mood", moodSchema)))));
  let answered = 0;
  let allowed = 0;
  let refusal: number | undefined;
  const waiting: (() => void)[] = [];
  const go = (): void => {
    while (answered < allowed && waiting.length > 0) {
      answered += 1;
      waiting.shift()?.();
    }
  };
  const server: LoopbackServer = await startLoopbackServer(async ({ number }) => {
    if (refusal !== undefined) {
      const seconds = refusal;
      refusal = undefined;
      return { status: 429, headers: { "retry-after": `${seconds}` }, body: { error: { message: "Slow." } } };
    }
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      go();
    });
    if (number % 10 === 0) return { status: 400, body: { error: { code: "too_odd", message: "Too odd." } } };
    return { body: chatBody(JSON.stringify({ mood: number % 2 === 0 ? "good" : "bad" })) };
  });
  onTestFinished(() => server.close());
  return {
    file,
    baseURL: server.baseURL,
    answer: (more) => {
      allowed += more;
      go();
    },
    refuse: (seconds) => {
      refusal = seconds;
    },
    start: () =>
      startCli(["run", file, "--base-url", server.baseURL, "--concurrency", "4"], {
        cwd: folder,
        env: { OPENAI_API_KEY: "sk-live" },
      }),
  };
}
