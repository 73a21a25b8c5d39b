import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { isObject } from "../api/index.js";
import type { ServerLayer } from "../serve/index.js";
import { countTimes } from "./count-times.js";

const isContent = (path: string): boolean => /^\/v1\/files\/[^/]+\/content$/.test(path);

/** Breaks off with an error of the connection. */
export function breakDownloads(times: number): ServerLayer {
  const isWithin = countTimes(times);
  return async ({ env: { outgoing }, req }, next) => {
    if (times > 0 && req.method === "GET" && isContent(req.path)) {
      // Only what is there counts as a download.
      watchFirstWrite(outgoing, () => outgoing.statusCode < 300 && isWithin("downloads"));
    }
    await next();
  };
}

/** Lets half of what an answer has promised through, if it is to break, and closes the connection then. */
function watchFirstWrite(outgoing: ServerResponse, isToBreak: () => boolean): void {
  interpose(outgoing, (write) => {
    let chosen: Write | undefined;
    return (chunk, onSent) => {
      chosen ??= isToBreak() ? toHalf(outgoing, write) : write;
      return chosen(chunk, onSent);
    };
  });
}

/** How a file is sent: its bytes, and what is called once they are on their way. */
type Write = (chunk: Uint8Array, onSent: (error?: Error | null) => void) => boolean;

function interpose(outgoing: ServerResponse, toWrite: (write: Write) => Write): void {
  const write = toWrite(outgoing.write.bind(outgoing));
  // Bytes are written without an encoding.
  outgoing.write = write as ServerResponse["write"];
}

function toHalf(outgoing: ServerResponse, write: Write): Write {
  let left = Math.floor(Number(outgoing.getHeader("content-length")) / 2);
  return (chunk, onSent) => {
    const part = chunk.subarray(0, left);
    left -= part.length;
    if (left > 0) return write(part, onSent);
    write(part, () => outgoing.destroy());
    return false;
  };
}

/** Ends as if all had come: what was to be expected is not said. */
export function endDownloads(times: number): ServerLayer {
  const isWithin = countTimes(times);
  return async ({ env: { outgoing }, req }, next) => {
    if (times > 0 && req.method === "GET" && isContent(req.path)) {
      shorten(outgoing, (head) => {
        if (head.status >= 300 || !isWithin("downloads")) return head;
        const { "content-length": length, ...headers } = head.headers;
        return { status: head.status, headers, bytes: Math.floor(Number(length) / 2) };
      });
    }
    await next();
  };
}

/** Shows half of each output file, the first times that it is retrieved or downloaded. */
export function growOutputs(times: number): ServerLayer {
  const isWithin = countTimes(times);
  return async (context, next) => {
    const { req, env } = context;
    const id = /^\/v1\/files\/([^/]+)/.exec(req.path)?.[1];
    if (times === 0 || req.method !== "GET" || id === undefined) return next();
    shorten(env.outgoing, (head) => {
      const isOutput = /_output\.jsonl/.test(String(head.headers["content-disposition"]));
      return head.status < 300 && isOutput && isWithin(id) ? toGrowing(head) : head;
    });
    await next();
    if (isContent(req.path) || !context.res.ok) return;
    const file: unknown = await context.res.json();
    const isHalf = isObject(file) && file.purpose === "batch_output" && isWithin(id);
    context.res = Response.json(isHalf ? { ...file, bytes: Math.floor(Number(file.bytes) / 2) } : file);
  };
}

/** An answer of which only so many bytes are sent; without a number, all. */
interface Head {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly bytes?: number;
}

/** The range of a file that has half of its bytes yet. */
function toGrowing({ status, headers }: Head): Head {
  const [, start, whole = headers["content-length"]] =
    /^bytes (\d+)-\d+\/(\d+)$/.exec(String(headers["content-range"])) ?? [];
  const [from, half] = [Number(start ?? 0), Math.floor(Number(whole) / 2)];
  const bytes = Math.max(0, Math.min(half - from, Number(headers["content-length"])));
  const own = { ...headers, "content-length": bytes };
  if (start === undefined) return { status, headers: own, bytes };
  if (bytes === 0)
    return { status: 416, headers: { "content-range": `bytes */${half}`, "content-length": 0 }, bytes };
  return { status, headers: { ...own, "content-range": `bytes ${from}-${from + bytes - 1}/${half}` }, bytes };
}

/** Decides with the head of an answer how much of its body is sent. */
function shorten(outgoing: ServerResponse, decide: (head: Head) => Head): void {
  const writeHead = outgoing.writeHead.bind(outgoing);
  outgoing.writeHead = (status: number, ...rest: unknown[]) => {
    const given = rest.at(-1);
    const head = decide({ status, headers: isObject(given) ? { ...Object(given) } : {} });
    if (head.bytes !== undefined) sendOnly(outgoing, head.bytes);
    return writeHead(head.status, head.headers);
  };
}

function sendOnly(outgoing: ServerResponse, bytes: number): void {
  let left = bytes;
  interpose(outgoing, (write) => (chunk, onSent) => {
    const part = chunk.subarray(0, left);
    left -= part.length;
    if (part.length > 0) return write(part, onSent);
    onSent();
    return true;
  });
}
