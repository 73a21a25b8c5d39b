import { endpoints } from "../../api/index.js";

/** What is served, and what is asked of it, in so few words that they can be counted: no id, and nothing that was never there. */
const routes: ReadonlySet<string> = new Set([
  ...["/v1/files", "/v1/files/{id}", "/v1/files/{id}/content"],
  ...["/v1/batches", "/v1/batches/{id}", "/v1/batches/{id}/cancel"],
  ...["/v1/messages", "/v1/messages/batches", "/v1/messages/batches/{id}"],
  ...["/v1/messages/batches/{id}/results", "/v1/messages/batches/{id}/cancel"],
  ...["/v1/models", "/v1/models/{id}", ...endpoints],
  ...["/v1/images/variations", "/v1/audio/transcriptions", "/v1/audio/translations"],
  ...["/healthz", "/readyz", "/metrics"],
]);

const withId = /^(\/v1\/(?:files|batches|messages\/batches))\/[^/]+/;

/** The route of a path: one of few, whatever is asked for. */
export function toRoute(path: string): string {
  if (routes.has(path)) return path;
  if (path.startsWith("/v1/models/")) return "/v1/models/{id}";
  if (path.startsWith("/_/")) return "/_";
  const route = path.replace(withId, "$1/{id}");
  return routes.has(route) ? route : "other";
}
