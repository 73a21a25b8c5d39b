import { isObject } from "../api/index.js";

/** Whether an answer with status 200 says itself that it failed, as those of `/v1/responses` do. */
export function isFailedBody(body: unknown): boolean {
  return isObject(body) && body.object === "response" && body.status === "failed";
}
