import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { SharedStorage } from "../../../src/cluster/storage/shared-storage.js";
import { startS3 } from "../ground/s3.js";
import { openMarked } from "./open-marked.js";

afterEach(() => void vi.unstubAllEnvs());

interface Upload {
  readonly key: string;
  readonly id: string;
  readonly begunMs: number;
}

/** So many are in one answer. */
const pageSize = 2;

/**
 * What s3rver lacks, and nothing else of S3: ListMultipartUploads, page by page, and AbortMultipartUpload, as in S3's API reference
 * of November 2026.
 */
class UnfinishedUploads {
  readonly uploads: Upload[];
  /** Of uploads that may not be forgotten. */
  readonly refused = new Set<string>();

  /** @param uploads in the order of their keys, and of their ids where these are the same. */
  constructor(uploads: readonly Upload[]) {
    this.uploads = [...uploads];
  }

  get ids(): readonly string[] {
    return this.uploads.map(({ id }) => id);
  }

  /** Gives whether it has answered. */
  answer({ method, url = "" }: IncomingMessage, outgoing: ServerResponse): boolean {
    const { pathname, searchParams } = new URL(url, "http://localhost");
    const id = searchParams.get("uploadId");
    if (method === "GET" && searchParams.has("uploads")) this.#list(searchParams, outgoing);
    else if (method === "DELETE" && id !== null) this.#abort(pathname.replace("/bucket/", ""), id, outgoing);
    else return false;
    return true;
  }

  #list(asked: URLSearchParams, outgoing: ServerResponse): void {
    const [prefix, marker] = [asked.get("prefix") ?? "", asked.get("key-marker") ?? ""];
    const idMarker = asked.get("upload-id-marker") ?? "";
    const left = this.uploads.filter(
      ({ key, id }) => key.startsWith(prefix) && (key > marker || (key === marker && id > idMarker)),
    );
    const page = left.slice(0, pageSize);
    const listed = page.map(
      ({ key, id, begunMs }) =>
        `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${new Date(begunMs).toISOString()}</Initiated></Upload>`,
    );
    const { key, id } = page.at(-1) ?? {};
    const next = `<NextKeyMarker>${key}</NextKeyMarker><NextUploadIdMarker>${id}</NextUploadIdMarker>`;
    const end = `<IsTruncated>${left.length > pageSize}</IsTruncated>`;
    outgoing.writeHead(200, { "content-type": "application/xml" });
    outgoing.end(`<ListMultipartUploadsResult>${listed.join("")}${next}${end}</ListMultipartUploadsResult>`);
  }

  #abort(key: string, id: string, outgoing: ServerResponse): void {
    const index = this.uploads.findIndex((upload) => upload.key === key && upload.id === id);
    const isKept = index < 0 || this.refused.has(id);
    if (!isKept) this.uploads.splice(index, 1);
    outgoing.writeHead(index < 0 ? 404 : isKept ? 403 : 204).end();
  }
}

const now = Date.UTC(2026, 10, 29, 12);
const hourMs = 3_600_000;

function toUpload(key: string, id: string, hours: number): Upload {
  return { key, id, begunMs: now - hours * hourMs };
}

async function openBucket(
  answer: (incoming: IncomingMessage, outgoing: ServerResponse) => boolean,
): Promise<SharedStorage> {
  const s3 = await startS3();
  for (const [name, value] of Object.entries(s3.env)) vi.stubEnv(name, value);
  const storage = await openMarked(s3.storage);
  s3.answer(answer);
  return storage;
}

describe("uploads to a bucket that were never completed", () => {
  const beforeMs = now - 24 * hourMs;

  test("are forgotten where they are old and under the prefix, however many there are", async () => {
    const unfinished = new UnfinishedUploads([
      toUpload("other/prefix/files/a", "elsewhere", 100),
      toUpload("some/prefix/batches/b/0.one.output", "old-1", 25),
      toUpload("some/prefix/files/a", "old-2", 100),
      toUpload("some/prefix/files/a", "young-1", 23),
      toUpload("some/prefix/files/b", "young-2", 0),
      toUpload("some/prefix/files/c", "old-3", 24.5),
      toUpload("some/prefix/files/d", "young-3", -1),
      toUpload("some/prefixes/files/a", "beside", 100),
    ]);
    const storage = await openBucket((...asked) => unfinished.answer(...asked));
    await storage.forgetUnfinished(beforeMs);
    expect(unfinished.ids).toEqual(["elsewhere", "young-1", "young-2", "young-3", "beside"]);
    await storage.forgetUnfinished(beforeMs);
    expect(unfinished.ids).toHaveLength(5);
  });

  test("are left where one may not be forgotten, and the others are forgotten all the same", async () => {
    const ids = ["1", "2", "3", "4", "5"];
    const unfinished = new UnfinishedUploads(ids.map((id) => toUpload(`some/prefix/files/${id}`, id, 48)));
    unfinished.refused.add("2");
    const storage = await openBucket((...asked) => unfinished.answer(...asked));
    await storage.forgetUnfinished(beforeMs);
    expect(unfinished.ids).toEqual(["2"]);
  });

  test("are left to a rule of the bucket where they may not be listed", async () => {
    let asked = 0;
    const storage = await openBucket(({ url = "" }, outgoing) => {
      if (!url.includes("uploads")) return false;
      asked += 1;
      outgoing.writeHead(403).end();
      return true;
    });
    await storage.forgetUnfinished(beforeMs);
    expect(asked).toBe(1);
  });
});
