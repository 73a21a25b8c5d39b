import type { HttpClient } from "../../http/index.js";

/** A server of ours says so with every answer. */
const rehearsalHeader = "openbatch-rehearsal";

/** Whether a server makes its answers up. */
export async function isRehearsalServer(
  client: HttpClient,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const answer = await client.request({ method: "GET", url: "/v1/batches", query: { limit: "1" }, signal });
  return answer.header(rehearsalHeader) === "true";
}
