import type { IncomingMessage } from "node:http";
import { ApiError } from "./api-error.js";
import { type BodyLimits, readBody } from "./read-body.js";

export interface JsonBody {
  readonly text: string;
  readonly json: unknown;
}

/** @throws ApiError where the body is too large, too slow, or no JSON. */
export async function readJsonBody(incoming: IncomingMessage, limits: BodyLimits): Promise<JsonBody> {
  const type = incoming.headers["content-type"] ?? "";
  // A page in a browser cannot send this type to another place without asking first.
  if (!/^application\/json\s*(?:;|$)/i.test(type)) {
    throw new ApiError(400, "Unsupported Content-Type: the body must be application/json.", {
      code: "unsupported_content_type",
    });
  }
  const text = (await readBody(incoming, limits)).toString();
  try {
    return { text, json: JSON.parse(text) };
  } catch {
    throw new ApiError(
      400,
      "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly. The API expects a JSON payload, but what was sent was not valid JSON.)",
    );
  }
}
