import { damaged } from "./decode-body.js";
import { TransportFailure } from "./transport.js";

/** What a system's code means, as it ends the sentence "The connection failed: …". */
const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: "it was refused",
  ECONNRESET: "it was cut",
  EPIPE: "it was cut",
  ETIMEDOUT: "nothing came back",
  EHOSTUNREACH: "there is no way to the host",
  ENETUNREACH: "there is no way to the network",
  ENOTFOUND: "there is no host of that name",
  EAI_AGAIN: "the name of the host could not be looked up",
  EPROTO: "the two sides did not agree on a protocol",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is self-signed",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate cannot be verified",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate cannot be verified",
  CERT_HAS_EXPIRED: "its certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is another host's",
  ERR_SSL_WRONG_VERSION_NUMBER: "it does not speak TLS; write http:// if it is meant",
  UND_ERR_CONNECT_TIMEOUT: "it was not made within 10 s",
  UND_ERR_SOCKET: "it was cut",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "it was cut",
  HTTP_PARSER: "the answer is no HTTP",
  // What undici makes of a proxy that says no: it is aborted by nobody else, and given no other wrong argument.
  UND_ERR_ABORTED: "the proxy refused it",
  UND_ERR_INVALID_ARG: "the proxy wants a user name and a password",
  UND_ERR_HEADERS_OVERFLOW: "the headers of the answer are too large",
};

const idle: ReadonlySet<string> = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);

/**
 * What a client's error means for an exchange. Its own text is not kept: it may hold addresses with credentials, or what
 * was sent.
 */
export function toTransportFailure(error: unknown): TransportFailure {
  if (error instanceof TransportFailure) return error;
  const code = codeOf(error);
  if (code !== undefined && idle.has(code))
    return new TransportFailure("timeout", "nothing came for too long", code);
  if (code !== undefined && /^(?:Z_|ERR_BROTLI|ERR__ERROR_FORMAT)/.test(code)) return damaged();
  return new TransportFailure("connection", wordsOf(code), code);
}

function wordsOf(code: string | undefined): string {
  return code === undefined ? "for a reason that is not known" : (words[code] ?? "it broke");
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // Its code is one of many, or none.
  if (error.name === "HTTPParserError") return "HTTP_PARSER";
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}
