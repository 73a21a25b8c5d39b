import type { ServerResponse } from "node:http";
import { finished } from "node:stream/promises";
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { FileObject } from "../../api/index.js";
import type { FileContent } from "../store/file-store.js";
import type { ByteSpan } from "../store/storage.js";
import { ApiError } from "./api-error.js";
import type { ServerContext } from "./server-context.js";

/** The part of a context that tells what is asked for, and by whom. */
interface AskingContext {
  readonly env: HttpBindings;
  readonly req: Pick<ServerContext["req"], "header" | "method">;
}

export interface SentContent {
  readonly file: Pick<FileObject, "id" | "filename" | "bytes">;
  readonly content: FileContent;
}

/** How long a reader may take nothing, in milliseconds. */
const idleMs = 120_000;

/** In characters, each of which takes up to twelve in the header. */
const maxNameLength = 255;

/**
 * Streams a file, or the range of it that is asked for, to whoever asks.
 * @throws ApiError where there is not any more what was: before anything is promised.
 */
export async function sendContent(context: AskingContext, sent: SentContent): Promise<Response> {
  await assertWhole(sent);
  const { outgoing } = context.env;
  const { bytes, filename } = sent.file;
  const range = readRange(context.req.header("range"), bytes);
  if (range === "outside") {
    outgoing.writeHead(416, { "content-range": `bytes */${bytes}`, "content-length": 0 }).end();
    return RESPONSE_ALREADY_SENT;
  }
  const { start, end } = range ?? { start: 0, end: bytes - 1 };
  const isEmpty = context.req.method === "HEAD" || end < start;
  const body = isEmpty ? undefined : await begin(sent.content, { start, end });
  outgoing.writeHead(range === undefined ? 200 : 206, {
    "content-type": "application/octet-stream",
    "content-length": end - start + 1,
    "content-disposition": toDisposition(filename),
    "accept-ranges": "bytes",
    "x-content-type-options": "nosniff",
    ...(range === undefined ? {} : { "content-range": `bytes ${start}-${end}/${bytes}` }),
  });
  if (body === undefined) outgoing.end();
  else await send(outgoing, body);
  return RESPONSE_ALREADY_SENT;
}

async function assertWhole({ file, content }: SentContent): Promise<void> {
  const bytes = await content.size();
  if (bytes === file.bytes) return;
  if (bytes === undefined) {
    throw new ApiError(404, `The content of ${file.id} is not in the data folder of this server any more.`, {
      param: "id",
    });
  }
  throw new ApiError(
    500,
    `The content of ${file.id} was changed in the data folder of this server: it has ${bytes} bytes in the place of ${file.bytes}.`,
  );
}

/** Nothing is promised before the first bytes are there. */
async function begin(content: FileContent, span: ByteSpan): Promise<Body> {
  const chunks = content.read(span)[Symbol.asyncIterator]();
  return { chunks, first: await chunks.next() };
}

interface Body {
  readonly chunks: AsyncIterator<Buffer>;
  readonly first: IteratorResult<Buffer>;
}

async function send(outgoing: ServerResponse, { chunks, first }: Body): Promise<void> {
  outgoing.setTimeout(idleMs, () => void outgoing.destroy());
  const end = finished(outgoing);
  try {
    for (let next = first; !next.done; next = await chunks.next())
      await Promise.race([end, write(outgoing, next.value)]);
    outgoing.end();
    await end;
  } catch {
    // The reader has gone, or the file has: what was promised cannot be sent any more.
    outgoing.destroy();
  } finally {
    await chunks.return?.();
  }
}

/** Resolves when the system has taken a chunk, so that the next may take its place. */
function write(outgoing: ServerResponse, chunk: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    outgoing.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}

/** One range of bytes. Several at once are answered with the whole, as a server may. */
function readRange(header: string | undefined, bytes: number): ByteSpan | "outside" | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  const [, first = "", last = ""] = match ?? [];
  if (first === "" && last === "") return undefined;
  const start = first === "" ? Math.max(bytes - Number(last), 0) : Number(first);
  const end = first === "" || last === "" ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
  return start > end ? "outside" : { start, end };
}

/** The name in ASCII for those who know no better, and in UTF-8 for the others. */
function toDisposition(filename: string): string {
  const name = shorten(filename);
  const plain = name.replace(/[^\x20-\x7e]|["\\]/g, "_");
  if (plain === name) return `attachment; filename="${plain}"`;
  const encoded = encodeURIComponent(name.replace(/\p{Surrogate}/gu, "_")).replace(/['()*]/g, toPercent);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

/** Clients take headers of some kilobytes, and no system takes longer names for its files. The end tells what it is. */
function shorten(filename: string): string {
  const characters = [...filename];
  if (characters.length <= maxNameLength) return filename;
  return [...characters.slice(0, maxNameLength - 33), "_", ...characters.slice(-32)].join("");
}

function toPercent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
