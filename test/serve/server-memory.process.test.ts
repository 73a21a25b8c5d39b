import { createHash } from "node:crypto";
import { createReadStream, openAsBlob, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import OpenAI from "openai";
import { expect, test } from "vitest";
import { chatLine } from "../lines.js";
import { temporaryFolder } from "../temporary-folder.js";
import { startServerProcess } from "./server-process.js";

const folder = temporaryFolder();

/** The most memory that a process ever had, in megabytes. */
function mostMemoryOf(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

async function hashOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest("hex");
}

test.runIf(process.platform === "linux")(
  "a large file goes through a server to the disk and back without being held",
  async () => {
    const path = join(folder, "large.jsonl");
    const line = `${chatLine("a", { user: "u".repeat(20_000) })}\n`;
    writeFileSync(path, line.repeat(6000));
    const server = await startServerProcess(["--rehearse", "--data", join(folder, "data")]);
    const openai = new OpenAI({ baseURL: server.baseURL, apiKey: "any" });
    const small = new File([line], "small.jsonl");
    await openai.files.content((await openai.files.create({ file: small, purpose: "batch" })).id);
    const before = mostMemoryOf(server.child.pid);
    const file = new File([await openAsBlob(path)], "large.jsonl");
    const { id, bytes } = await openai.files.create({ file, purpose: "batch" });
    expect(bytes).toBe(line.length * 6000);
    const { body } = await openai.files.content(id);
    // What fetch gives as a body can be iterated in Node.
    const downloaded = await hashOf(body as unknown as AsyncIterable<Uint8Array>);
    expect(downloaded).toBe(await hashOf(createReadStream(path)));
    const grownBy = mostMemoryOf(server.child.pid) - before;
    expect(grownBy).toBeLessThan(bytes / 1_048_576 / 2);
    await server.kill();
  },
);
