import type { IncomingMessage } from "node:http";
import { ApiError } from "./api-error.js";

export interface BodyLimits {
  readonly maxBytes: number;
}

/** How long a body may take to arrive, in milliseconds. */
const timeLimitMs = 120_000;

/** Reads a body whole. @throws ApiError where it is too large or too slow. */
export async function readBody(incoming: IncomingMessage, { maxBytes }: BodyLimits): Promise<Buffer> {
  if (Number(incoming.headers["content-length"] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  return readBytes(incoming, maxBytes);
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
