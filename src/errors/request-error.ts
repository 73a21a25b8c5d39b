import { OpenbatchError } from "./openbatch-error.js";
import type { Problem } from "./problem.js";

/** Thrown for a request that would be refused. Nothing was written for it. */
export class RequestError extends OpenbatchError {
  override readonly name = "RequestError";
  /** Every error that was found in the request, in the order of its keys. */
  readonly problems: readonly Problem[];
  readonly custom_id: string | undefined;

  constructor(request: { custom_id: unknown; url: string }, problems: readonly Problem[]) {
    const id = typeof request.custom_id === "string" ? request.custom_id : undefined;
    const [first] = problems;
    super(
      first !== undefined && problems.length === 1 ? first.code : "invalid_request",
      toMessage(request.url, id, problems),
      {
        ...(first !== undefined && problems.length === 1 ? { hint: first.hint } : {}),
      },
    );
    this.problems = problems;
    this.custom_id = id;
  }
}

function toMessage(url: string, id: string | undefined, problems: readonly Problem[]): string {
  const name = id === undefined ? "A request" : `Request ${quoteId(id)}`;
  const lines = problems.map(
    ({ path, message, hint }) => `\n  ${path === "" ? "" : `${path}: `}${message} ${hint}`,
  );
  return `${name} for ${url} is refused; nothing was written for it.${lines.join("")}`;
}

/** An id as messages show it: of a long one the beginning. */
export function quoteId(id: string): string {
  return id.length <= 80
    ? JSON.stringify(id)
    : `${JSON.stringify(id.slice(0, 60))}… (${id.length} characters)`;
}
