import { describeName } from "../../api/index.js";
import { OpenbatchError, type OpenbatchErrorOptions } from "../../errors/index.js";
import { encodingFailure } from "../../http/index.js";
import type { Cause } from "../../outcome/index.js";
import type { LaneRequest } from "./lane.js";
import { UnknownModelError } from "./unknown-model-error.js";

/** A run waits no longer, in milliseconds; nor does anybody else before the server is asked again. */
export const maxWaitMs = 600_000;

/** The error for a cause that fails every request, or every one to a url or a model. */
export function toCauseError(
  cause: Cause,
  target: string,
  { url, model }: Pick<LaneRequest, "url" | "model">,
): OpenbatchError {
  const { kind, seen, systemCode } = cause;
  switch (kind) {
    case "server":
      return toServerError(target, seen, systemCode);
    case "outage":
      return new OpenbatchError(
        "server_unreachable",
        ...withWords(`${target} goes on answering that it is away or full (${seen}).`, cause, {
          hint: "Look at the server, or at what the gateway stands before.",
        }),
      );
    case "body":
      return toBodyError(target, cause);
    case "key":
      return new OpenbatchError(
        "key_refused",
        ...withWords(`${target} refuses the key, or wants one and got none (${seen}).`, cause),
      );
    case "access":
      return new OpenbatchError("access_refused", ...withWords(`${target} refuses access (${seen}).`, cause));
    case "quota":
      return new OpenbatchError(
        "insufficient_quota",
        ...withWords(`${target} says that the quota is used up (${seen}).`, cause),
      );
    case "rate":
      return new OpenbatchError(
        "rate_limited",
        ...withWords(`${target} goes on refusing requests as too many (${seen}).`, cause),
      );
    case "daily":
      return new OpenbatchError(
        "rate_limited",
        ...withWords(`${target} says that the limit of a day is used up (${seen}).`, cause, {
          hint: "Run the same command again when the day of the server is over, or raise the limit there.",
        }),
      );
    case "model": {
      const text = `${target} has no model ${describeName(model)} for ${url} (${seen}).`;
      const [message, options] = withWords(text, cause);
      return new UnknownModelError(message, model, options);
    }
    case "url":
      return toUrlError(target, url, cause);
    case "redirect":
      return toRedirectError(cause, target, url);
    default:
      return kind satisfies never;
  }
}

/** What the server says is for who sent the request: it may quote it. Others are told only what it calls the error. */
function withWords(
  text: string,
  { said, name }: Cause,
  { hint }: Pick<OpenbatchErrorOptions, "hint"> = {},
): [string, OpenbatchErrorOptions] {
  const words = said === undefined ? "" : ` It says: "${said}"${/[.!?…]$/.test(said) ? "" : "."}`;
  const ownWords = name === undefined ? text : `${text} It calls that ${name}.`;
  return [`${text}${words}`, { ownWords, ...(hint === undefined ? {} : { hint }) }];
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
  if (systemCode === encodingFailure)
    return "The compression of the answer is broken. Look at the server, or at a gateway or proxy before it, that packs its answers.";
  if (systemCode === "ECONNREFUSED")
    return "Is the server running? Is the port right? See baseURL (--base-url).";
  if (/CERT|SELF_SIGNED|SIGNATURE/.test(systemCode)) {
    return "Name the file of the certificate's issuer in NODE_EXTRA_CA_CERTS, or correct baseURL (--base-url).";
  }
  return "Check baseURL (--base-url), the network, and the proxy that HTTPS_PROXY or HTTP_PROXY names.";
}

function toBodyError(target: string, { seen, said: number, isStream }: Cause): OpenbatchError {
  if (isStream === true) {
    return new OpenbatchError(
      "invalid_response_body",
      `${target} answers with a stream of events, which nobody asked for (${seen}).`,
      { hint: 'Give each request "stream": false, which some gateways want to be told; or mend the server.' },
    );
  }
  if (number !== undefined) {
    return new OpenbatchError(
      "invalid_response_body",
      `${target} writes a number that JSON does not have: ${number} (${seen}).`,
      { hint: "Ask for nothing that has such numbers, most likely logprobs, or mend the server." },
    );
  }
  return new OpenbatchError(
    "invalid_response_body",
    `${target} answers with something that is no JSON (${seen}).`,
    {
      hint: hasVersion(target)
        ? "Is this the right base URL? See baseURL (--base-url)."
        : `Is this the right base URL? The version is a part of it: try ${target}/v1 as baseURL (--base-url).`,
    },
  );
}

function toUrlError(target: string, url: string, cause: Cause): OpenbatchError {
  const hint = hasVersion(target)
    ? "Check that the server has that endpoint, and that baseURL (--base-url) is what comes before it."
    : `The version is a part of the base URL: try ${target}/v1 as baseURL (--base-url).`;
  const text = `${target} has no endpoint for ${url} (${cause.seen}).`;
  return new OpenbatchError("unknown_endpoint", ...withWords(text, cause, { hint }));
}

function hasVersion(target: string): boolean {
  return /\/v\d+\w*(?:\/|$)/.test(target.replace(/^https?:\/\//, "/"));
}

function toRedirectError({ location = "", seen }: Cause, target: string, url: string): OpenbatchError {
  const origin = findOrigin(location, target);
  const to = origin === undefined ? "elsewhere" : `to ${origin}`;
  return new OpenbatchError(
    "unknown_endpoint",
    `${target} redirects requests for ${url} ${to} (${seen}); redirects are not followed, so that the key stays where it belongs.`,
    {
      hint:
        origin === undefined
          ? "Check baseURL (--base-url): the server has that endpoint somewhere else."
          : `If that is the server, name ${origin}${new URL(target).pathname.replace(/\/$/, "")} as baseURL (--base-url).`,
    },
  );
}

/** The origin that a redirect leads to, where it is another one. The rest of where it leads to may hold anything. */
function findOrigin(location: string, target: string): string | undefined {
  if (!URL.canParse(location, target)) return undefined;
  const { origin, protocol } = new URL(location, target);
  return /^https?:$/.test(protocol) && origin !== new URL(target).origin ? origin : undefined;
}

/** The error for a server that asks to wait for longer than a run does. */
export function toRateLimitedError(target: string, waitMs: number): OpenbatchError {
  const until = new Date(Date.now() + waitMs).toISOString().slice(0, 16).replace("T", " ");
  return new OpenbatchError(
    "rate_limited",
    `${target} asks to wait for ${describeDuration(waitMs)}, until ${until} UTC; a run waits no longer than ten minutes.`,
    { hint: `Wait until ${until} UTC.` },
  );
}

/** As in `2 h 5 min`. */
function describeDuration(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes} min`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}
