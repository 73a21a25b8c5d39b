import { describe, expect, onTestFinished, test } from "vitest";
import type { SourceEvent } from "../../src/view/wire/source-activity.js";
import type { SourceSummary } from "../../src/view/wire/source-summary.js";
import { startCli } from "../cli/start-cli.js";
import { temporaryFolder } from "../temporary-folder.js";
import { prepareRun } from "./live-run.js";

const folder = temporaryFolder();

/** Starts `openbatch view`, and listens as a page does. */
async function view(file: string) {
  const { said, says, child, ended } = startCli(["view", file], { cwd: folder });
  await says("Ctrl-C");
  const link = new URL(/http:\S+/.exec(said.out)?.[0] ?? "");
  const authorization = `Bearer ${link.hash.replace("#token=", "")}`;
  const ask = (
    path: string,
    headers: Readonly<Record<string, string>> = { authorization },
    signal?: AbortSignal,
  ) => fetch(new URL(path, link.origin), { headers, ...(signal === undefined ? {} : { signal }) });
  const summary = async () => (await ask("/_/api/sources/1/summary")).json() as Promise<SourceSummary>;
  const listen = async (lastId?: string) => {
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const last = lastId === undefined ? {} : { "last-event-id": lastId };
    const answer = await ask("/_/api/events", { authorization, ...last }, stop.signal);
    const heard: { id: string; event: SourceEvent }[] = [];
    void hear(answer, heard).catch(() => undefined);
    return { answer, heard, last: () => heard.at(-1)?.event, stop: () => stop.abort() };
  };
  return { ask, summary, listen, child, ended };
}

async function hear(answer: Response, heard: { id: string; event: SourceEvent }[]): Promise<void> {
  let text = "";
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    for (const found of text.matchAll(/id: (\S+)\nevent: source\ndata: (.+)\n\n/g))
      heard.push({ id: found[1] ?? "", event: JSON.parse(found[2] ?? "") });
    text = text.slice(text.lastIndexOf("\n\n") + 2);
  }
}

const patience = { timeout: 20_000, interval: 100 };

describe("a page of a run", () => {
  test("is told how far it is, from before it began to its end, and shows what has come", async () => {
    const live = await prepareRun(folder, "growing", 40);
    const { summary, listen } = await view(live.file);
    const { answer, last } = await listen();
    expect(answer.headers.get("content-type")).toContain("text/event-stream");
    await expect.poll(last, patience).toMatchObject({ readings: 1, activity: { parts: [] } });
    expect(await summary()).toMatchObject({ counts: { pending: 40 }, results: [] });
    const run = live.start();
    live.answer(20);
    await expect
      .poll(async () => (await summary()).counts, patience)
      .toEqual({ usable: 18, failed: 2, pending: 20 });
    await expect.poll(() => last()?.activity.run?.settled, patience).toBe(20);
    expect(last()?.activity.run).toMatchObject({ state: "under way" });
    const half = await summary();
    expect(half.causes).toMatchObject([{ code: "too_odd", count: 2 }]);
    expect(half.fields[0]).toMatchObject({ path: "parsed.mood", count: 18 });
    live.answer(20);
    await run.ended();
    await expect.poll(async () => (await summary()).counts, patience).toEqual({ usable: 36, failed: 4 });
    await expect.poll(() => last()?.activity.run?.state, patience).toBe("completed");
    expect(last()?.activity.run).toMatchObject({ settled: 40, failed: 4, tokens: 36 * 15 });
    // A cause keeps its number: filters are in the address.
    expect((await summary()).causes[0]?.number).toBe(half.causes[0]?.number);
  }, 60_000);

  test("goes on where it was when the stream breaks off, and is not told again what it knows", async () => {
    const live = await prepareRun(folder, "resumed", 4);
    live.answer(4);
    await live.start().ended();
    const { listen } = await view(live.file);
    const first = await listen();
    await expect.poll(() => first.heard.length, patience).toBe(1);
    first.stop();
    const again = await listen(first.heard[0]?.id);
    const other = await listen("another.7");
    await expect.poll(() => other.heard.length, patience).toBe(1);
    expect(again.heard).toEqual([]);
    expect(other.heard[0]?.event).toEqual(first.heard[0]?.event);
  }, 60_000);

  test("gives nothing without the key, and ends its streams when it is closed", async () => {
    const live = await prepareRun(folder, "closed", 1);
    const { ask, listen, child, ended } = await view(live.file);
    expect((await ask("/_/api/events", {})).status).toBe(401);
    const { heard } = await listen();
    await expect.poll(() => heard.length, patience).toBe(1);
    child.kill("SIGINT");
    expect((await ended()).exit).toBe(130);
  }, 60_000);
});
