import { describe, expect, test } from "vitest";
import { toRoute } from "../../../src/serve/watch/to-route.js";

describe("the route of a path", () => {
  test.each([
    ["/v1/files", "/v1/files"],
    ["/v1/files/file-1", "/v1/files/{id}"],
    ["/v1/files/file-1/content", "/v1/files/{id}/content"],
    ["/v1/files/file-1/secret", "other"],
    ["/v1/batches/batch_1/cancel", "/v1/batches/{id}/cancel"],
    ["/v1/messages/batches/msgbatch_1/results", "/v1/messages/batches/{id}/results"],
    ["/v1/models/meta/llama-3", "/v1/models/{id}"],
    ["/v1/embeddings", "/v1/embeddings"],
    ["/_/batches/batch_1", "/_"],
    ["/", "other"],
    ["/wp-login.php", "other"],
    ["/v1/files/{id}/content/more", "other"],
  ])("%s is %s", (path, route) => {
    expect(toRoute(path)).toBe(route);
  });
});
