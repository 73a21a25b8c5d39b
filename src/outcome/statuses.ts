/** Whether an endpoint says that it answers with what it was asked for. */
export function isSuccessStatus(status: number): boolean {
  return status >= 200 && status < 300;
}

/** Whether what was asked for is said to be elsewhere. */
export function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

/** Whether the same request may pass later. */
export function isPassingStatus(status: number): boolean {
  return status === 408 || status === 409 || isNotNow(status) || status >= 500;
}

/** Whether the server is well, and only has no room at the moment. 498 is Groq's, 529 Anthropic's, and of gateways to it. */
export function isNotNow(status: number): boolean {
  return status === 429 || status === 498 || status === 503 || status === 529;
}

/** Whether the server, or what a gateway stands before, is full or away: 502 to 504, 529, and what proxies write above. */
export function isOutage(status: number): boolean {
  return status > 501;
}

/**
 * Whether fewer requests at once would have helped. 500 is a mistake of the server in this request, which fewer would not mend.
 */
export function isRefusal(status: number): boolean {
  return status === 429 || status === 498 || isOutage(status);
}

/** A status that is written as a name or a code, `undefined` for one that is none. */
export function toStatus(code: unknown): number | undefined {
  return /^[1-5]\d\d$/.test(`${code}`) ? Number(code) : undefined;
}
