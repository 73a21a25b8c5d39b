import type { IncomingMessage } from "node:http";
import { ApiError } from "./api-error.js";

export interface JsonBody {
  readonly text: string;
  readonly json: unknown;
}

export interface JsonBodyLimits {
  readonly maxBytes: number;
}

/** How long a body may take to arrive, in milliseconds. */
const timeLimitMs = 120_000;

/** @throws ApiError where the body is too large, too slow, or no JSON. */
export async function readJsonBody(
  incoming: IncomingMessage,
  { maxBytes }: JsonBodyLimits,
): Promise<JsonBody> {
  const type = incoming.headers["content-type"] ?? "";
  // A page in a browser cannot send this type to another place without asking first.
  if (!/^application\/json\s*(?:;|$)/i.test(type)) {
    throw new ApiError(400, "Unsupported Content-Type: the body must be application/json.", {
      code: "unsupported_content_type",
    });
  }
  if (Number(incoming.headers["content-length"] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const text = (await readBytes(incoming, maxBytes)).toString();
  try {
    return { text, json: JSON.parse(text) };
  } catch {
    throw new ApiError(
      400,
      "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly. The API expects a JSON payload, but what was sent was not valid JSON.)",
    );
  }
}

function readBytes(incoming: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const timer = setTimeout(() => fail(new ApiError(408, "The body did not arrive in time.")), timeLimitMs);
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > maxBytes) fail(tooLarge(maxBytes));
      else chunks.push(chunk);
    };
    const onEnd = (): void => {
      stop();
      resolve(Buffer.concat(chunks));
    };
    const onClose = (): void => fail(new ApiError(400, "The body was cut off."));
    const stop = (): void => {
      clearTimeout(timer);
      incoming.off("data", onData).off("end", onEnd).off("close", onClose);
    };
    const fail = (error: ApiError): void => {
      stop();
      incoming.pause();
      reject(error);
    };
    incoming.on("data", onData).on("end", onEnd).on("close", onClose);
  });
}

function tooLarge(maxBytes: number): ApiError {
  return new ApiError(413, `The body is larger than the ${maxBytes} bytes that this server takes.`);
}
