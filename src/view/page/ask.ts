/** The server does not know the key of this page. */
export class NoKeyError extends Error {}

/** The server has not done what it was asked to do. The message says why, in its words. */
export class RefusedError extends Error {}

/** Asks the server that the page is from for what lies at a path under `api/`. */
export type Ask = (
  path: string,
  query?: readonly (readonly [name: string, value: string])[],
  options?: RequestInit,
) => Promise<Response>;

const kept = "openbatch-token";

/**
 * Takes the key out of the address, where it would be seen by whoever looks at the screen or gets the address.
 * @param isKept whether it is kept for this tab, which can be loaded again with it; for no other it is.
 */
export function takeToken(isKept: boolean): string {
  const query = new URLSearchParams(location.hash.replace(/^#/, ""));
  const given = query.get("token");
  if (given === null) return (isKept && sessionStorage.getItem(kept)) || "";
  if (isKept) sessionStorage.setItem(kept, given);
  query.delete("token");
  history.replaceState(null, "", `#${query}`);
  return given;
}

export function createAsk(token: string): Ask {
  return async (path, query = [], options = {}) => {
    const search = new URLSearchParams(query.map(([name, value]) => [name, value]));
    const headers = { ...options.headers, authorization: `Bearer ${token}` };
    const answer = await fetch(`api/${path}?${search}`, { ...options, headers });
    if (answer.status === 401) throw new NoKeyError();
    return answer;
  };
}

export async function readJson<Value>(answer: Response): Promise<Value> {
  await assertDone(answer);
  // The server is of the same version: what it says has the types that both share.
  return (await answer.json()) as Value;
}

/** @throws RefusedError */
export async function assertDone(answer: Response): Promise<void> {
  if (answer.ok) return;
  const told: unknown = await answer.json().catch(() => undefined);
  throw new RefusedError(readMessage(told) ?? `The server answered with ${answer.status}.`);
}

function readMessage(told: unknown): string | undefined {
  const { error } = Object(told);
  const { message } = Object(error);
  return typeof message === "string" ? message : undefined;
}
