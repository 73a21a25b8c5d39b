import { describeName } from "../api/index.js";
import { OpenbatchError } from "../errors/index.js";
import type { LaneRequest } from "./lane.js";
import type { Cause } from "./recognise-cause.js";

/** The error for a cause that fails every request, or every one to a url or a model. */
export function toCauseError(
  { kind, seen, systemCode }: Cause,
  target: string,
  { url, model }: Pick<LaneRequest, "url" | "model">,
): OpenbatchError {
  switch (kind) {
    case "server":
      return toServerError(target, seen, systemCode);
    case "outage":
      return new OpenbatchError(
        "server_unreachable",
        `${target} goes on answering that it is away or full (${seen}).`,
        {
          hint: "Look at the server, or at what the gateway stands before.",
        },
      );
    case "key":
      return new OpenbatchError(
        "key_refused",
        `${target} refuses the key, or wants one and got none (${seen}).`,
      );
    case "quota":
      return new OpenbatchError("insufficient_quota", `${target} says that the quota is used up (${seen}).`);
    case "rate":
      return new OpenbatchError("rate_limited", `${target} goes on refusing requests as too many (${seen}).`);
    case "model":
      return new OpenbatchError(
        "unknown_model",
        `${target} has no model ${describeName(model)} for ${url} (${seen}).`,
      );
    case "url":
      return toUrlError(target, url, seen);
    default:
      return kind satisfies never;
  }
}

function toServerError(target: string, seen: string, systemCode: string | undefined): OpenbatchError {
  const code = systemCode === undefined ? "" : ` (${systemCode})`;
  return new OpenbatchError("server_unreachable", `No answer from ${target}: ${seen}${code}.`, {
    hint: hintFor(systemCode),
  });
}

function hintFor(systemCode: string | undefined): string {
  if (systemCode === undefined)
    return "Is it overloaded? Give it longer with timeoutMs (--timeout), or less at once with concurrency (--concurrency).";
  if (systemCode === "ECONNREFUSED")
    return "Is the server running? Is the port right? See baseURL (--base-url).";
  if (/CERT|SELF_SIGNED|SIGNATURE/.test(systemCode)) {
    return "Name the file of the certificate's issuer in NODE_EXTRA_CA_CERTS, or correct baseURL (--base-url).";
  }
  return "Check baseURL (--base-url), the network, and the proxy that HTTPS_PROXY or HTTP_PROXY names.";
}

function toUrlError(target: string, url: string, seen: string): OpenbatchError {
  const hasVersion = /\/v\d+\w*(?:\/|$)/.test(target.replace(/^https?:\/\//, "/"));
  return new OpenbatchError("unknown_endpoint", `${target} has no endpoint for ${url} (${seen}).`, {
    hint: hasVersion
      ? "Check that the server has that endpoint, and that baseURL (--base-url) is what comes before it."
      : `The version is a part of the base URL: try ${target}/v1 as baseURL (--base-url).`,
  });
}
