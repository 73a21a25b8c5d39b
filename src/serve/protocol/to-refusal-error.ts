import type { Refusal } from "../../http/index.js";
import { ApiError } from "./api-error.js";

/** What is said to a request that is not let in; of a key in the service's own words. */
export function toRefusalError(refusal: Refusal): ApiError {
  switch (refusal) {
    case "other host":
      return new ApiError(
        421,
        "This server answers to localhost alone; the Host header names something else.",
        {
          code: "host_not_allowed",
        },
      );
    case "other origin":
      return new ApiError(403, "This server does not answer pages of other places in a browser.", {
        code: "origin_not_allowed",
      });
    case "no key":
      return new ApiError(
        401,
        "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
      );
    case "wrong key":
      return new ApiError(401, "Incorrect API key provided.", { code: "invalid_api_key" });
  }
}
