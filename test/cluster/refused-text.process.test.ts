import { describe, expect, test } from "vitest";
import { chatLine } from "../lines.js";
import { createBatch, download, idsOf, runBatch, upload, waitForEnd } from "../serve/batches.js";
import { postgres, withoutPostgres } from "./ground/postgres.js";
import { startCluster, startWorkerOf } from "./ground/start-cluster.js";

const refused = ["\u0000", "\ud800"];

describe.skipIf(postgres === undefined)(
  `texts that PostgreSQL does not take ${postgres ? "" : withoutPostgres}`,
  () => {
    test("end no batch otherwise than on one machine, and keep no worker", async () => {
      const cluster = await startCluster();
      const worker = await startWorkerOf(cluster, ["--rehearse"]);
      for (const text of refused) {
        const model = `m${text}x`;
        const named = await runBatch(cluster.openai, [chatLine(`a${text}`, { model })]);
        expect(named).toMatchObject({ status: "completed", model, request_counts: { completed: 1 } });
        expect(idsOf(await download(cluster.openai, named.output_file_id))).toEqual([`a${text}`]);
        const twice = await runBatch(cluster.openai, [chatLine(`a${text}`), chatLine(`a${text}`)]);
        expect(twice.status).toBe("failed");
        expect(twice.errors?.data?.map(({ code, line }) => [code, line])).toEqual([
          ["duplicate_custom_id", 2],
        ]);
        const none = await cluster.openai.batches.create({
          ...{ input_file_id: `file-${text}`, endpoint: "/v1/chat/completions", completion_window: "24h" },
        });
        expect((await waitForEnd(cluster.openai, none.id)).errors?.data?.[0]?.message).toBe(
          `Cannot find file file-${text}, or organization org-openbatch does not have access to it.`,
        );
      }
      expect(worker.said()).not.toMatch(/Unexpected/);
    });

    test("are given back as they were sent, and are no name of what is there", async () => {
      const { openai } = await startCluster();
      for (const text of refused) {
        const metadata = { [`name${text}`]: `value${text}` };
        const { id } = await createBatch(openai, [chatLine("a")], { metadata });
        expect((await openai.batches.retrieve(id)).metadata).toEqual(metadata);
      }
      const form = new FormData();
      form.set("purpose", "batch");
      form.set("file", new Blob([chatLine("a")]), "a\u0000b.jsonl");
      const sent = await fetch(`${openai.baseURL}/files`, { method: "POST", body: form });
      expect(sent.status).toBe(200);
      const file = (await sent.json()) as { readonly id: string; readonly filename: string };
      expect((await openai.files.retrieve(file.id)).filename).toBe(file.filename);
      await upload(openai, [chatLine("a")]);
      const ask = async (path: string, method = "GET") =>
        (await fetch(`${openai.baseURL}${path}`, { method })).status;
      expect(await ask("/batches/a%00b")).toBe(404);
      expect(await ask("/batches/a%00b/cancel", "POST")).toBe(404);
      expect(await ask("/files/a%00b")).toBe(404);
      expect(await ask("/files/a%00b/content")).toBe(404);
      expect(await ask("/files/a%00", "DELETE")).toBe(404);
      expect(await ask("/batches?after=a%00")).toBe(400);
      expect(await ask("/files?after=a%00")).toBe(400);
      expect((await openai.files.list({ purpose: "a\u0000" })).data).toEqual([]);
    });
  },
);
