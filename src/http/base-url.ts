import { endpoints } from "../api/index.js";
import { OpenbatchError } from "../errors/index.js";
import { isLoopback } from "./is-loopback.js";

/**
 * Where a server's endpoints are, as the SDK takes it: the version is a part of it. `http://localhost:11434/v1` with a
 * request for `/v1/chat/completions` is `http://localhost:11434/v1/chat/completions`.
 */
export class BaseURL {
  /** For messages and records: without a query, which may hold a key. */
  readonly text: string;
  readonly origin: URL;
  /** Without a trailing slash; empty at the root. */
  readonly path: string;
  /** As it is sent: empty, or from its question mark. It may hold a key. */
  readonly query: string;
  readonly #paths = new Map<string, string>();

  private constructor(url: URL) {
    this.origin = new URL(url.origin);
    this.path = url.pathname.replace(/\/+$/, "");
    this.text = `${url.origin}${this.path}`;
    this.query = url.search;
  }

  /** @throws OpenbatchError `invalid_option` for what cannot be meant. */
  static parse(text: string): BaseURL {
    const trimmed = text.trim();
    const url = parseURL(trimmed);
    if (url.username !== "" || url.password !== "") throw withCredentials();
    if (url.hash !== "") throw invalid("has a part after #", "Leave out # and what follows it");
    const endpoint = endpoints.find((each) =>
      url.pathname.replace(/\/+$/, "").endsWith(each.slice("/v1".length)),
    );
    if (endpoint !== undefined) throw withEndpoint(url, endpoint);
    return new BaseURL(url);
  }

  /** The path of an endpoint that a line names: its leading `/v1` is what the base URL stands for. */
  pathOf(url: string): string {
    let path = this.#paths.get(url);
    if (path === undefined) {
      path = `${new URL(this.origin.origin + this.path + this.#withoutVersion(url)).pathname}${this.query}`;
      // Lines name a handful of urls; one with a name for each must not fill the memory.
      if (this.#paths.size < 1000) this.#paths.set(url, path);
    }
    return path;
  }

  #withoutVersion(url: string): string {
    const version = /^\/v\d+(?=\/)/.exec(url)?.[0];
    if (version === "/v1" || (version !== undefined && this.path.endsWith(version)))
      return url.slice(version.length);
    return url.startsWith("/") ? url : `/${url}`;
  }
}

function parseURL(text: string): URL {
  if (text === "") throw invalid("is empty", "Write it with its version, as in http://localhost:11434/v1");
  const hasScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(text);
  if (!hasScheme) throw withoutScheme(text);
  if (!URL.canParse(text)) throw invalid("is no URL", "Write it as in http://localhost:11434/v1");
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw invalid(`begins with ${url.protocol}//`, "Use http:// or https://");
  }
  return url;
}

function withoutScheme(text: string): OpenbatchError {
  const guess = `http://${text.replace(/^(?:https?:)?\/*/i, "")}`;
  const url = URL.canParse(guess) ? new URL(guess) : undefined;
  const isShown = url !== undefined && url.username === "" && url.password === "" && url.search === "";
  const scheme = isShown && (isLoopback(url.hostname) || url.port !== "") ? "http" : "https";
  const isBare = url?.pathname === "/";
  const example = isShown
    ? `${scheme}://${guess.slice("http://".length).replace(/\/+$/, "")}${isBare ? "/v1" : ""}`
    : "http://localhost:11434/v1";
  return invalid("does not begin with http:// or https://", `Write ${example}`);
}

function withCredentials(): OpenbatchError {
  return new OpenbatchError("invalid_option", "The base URL holds a user name or a password.", {
    hint: "Leave it out, and send a key: apiKey (--api-key-env, or --upstream-key-env of openbatch serve and openbatch worker); or a header: headers (--header, which those two do not have).",
  });
}

function withEndpoint(url: URL, endpoint: string): OpenbatchError {
  const path = url.pathname.replace(/\/+$/, "").slice(0, -endpoint.slice("/v1".length).length);
  return invalid(
    "names an endpoint",
    `Leave its last part out, for each request names its own: ${url.origin}${path}`,
  );
}

function invalid(what: string, toDo: string): OpenbatchError {
  return new OpenbatchError("invalid_option", `The base URL ${what}.`, {
    hint: `${toDo}: baseURL (--base-url, or OPENAI_BASE_URL; --upstream of openbatch serve).`,
  });
}
