import { type Endpoint, endpoints } from "./endpoint.js";

const known: ReadonlyMap<unknown, Endpoint> = new Map(endpoints.map((endpoint) => [endpoint, endpoint]));

/** Compared first: lines of one file mostly have one url, and to compare texts is faster than to look one up. */
let latest: Endpoint = endpoints[0];

/** Longest first, so that `/v1/chat/completions` is not taken for `/v1/completions`. */
const endings = endpoints
  .map((endpoint) => ({ endpoint, ending: endpoint.slice("/v1".length) }))
  .sort((one, other) => other.ending.length - one.ending.length);

/**
 * The endpoint that a url means, even where it is not written as the Batch API wants it: a whole address, one
 * without its first slash, Azure's `/chat/completions`, Zhipu's `/v4/chat/completions`.
 */
export function recogniseEndpoint(url: unknown): Endpoint | undefined {
  if (url === latest) return latest;
  const found = known.get(url);
  if (found !== undefined) {
    latest = found;
    return found;
  }
  return endingOf(toUrlPath(url))?.endpoint;
}

/** Whether a url is an endpoint as Zhipu's batches take it: `/v4/chat/completions`. Source: its documentation, November 2026. */
export function isZhipuForm(url: unknown): boolean {
  const path = toUrlPath(url);
  return path.endsWith(`/v4${endingOf(path)?.ending}`);
}

function endingOf(path: string) {
  return endings.find(({ ending }) => path.endsWith(ending));
}

function toUrlPath(url: unknown): string {
  if (typeof url !== "string" || url.length > 2048) return "";
  const path = url
    .trim()
    .toLowerCase()
    .replace(/[?#].*$/s, "");
  return `/${path}`.replace(/\/{2,}/g, "/").replace(/\/$/, "");
}
