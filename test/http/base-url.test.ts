import { describe, expect, test } from "vitest";
import { OpenbatchError } from "../../src/errors/index.js";
import { BaseURL } from "../../src/http/base-url.js";

describe("a base URL", () => {
  test.each([
    ["http://localhost:11434/v1", "/v1/chat/completions", "/v1/chat/completions"],
    ["http://localhost:11434/v1/", "/v1/embeddings", "/v1/embeddings"],
    ["http://localhost:11434/v1//", "/v1/embeddings", "/v1/embeddings"],
    ["https://api.groq.com/openai/v1", "/v1/chat/completions", "/openai/v1/chat/completions"],
    ["https://api.deepseek.com", "/v1/chat/completions", "/chat/completions"],
    ["https://api.deepseek.com/", "/v1/chat/completions", "/chat/completions"],
    ["https://open.bigmodel.cn/api/paas/v4", "/v4/chat/completions", "/api/paas/v4/chat/completions"],
    ["https://open.bigmodel.cn/api/paas/v4", "/v1/chat/completions", "/api/paas/v4/chat/completions"],
    ["https://host/v1", "/v2/rerank", "/v1/v2/rerank"],
    ["https://host/v1", "/chat/completions", "/v1/chat/completions"],
    ["https://host/v1", "chat/completions", "/v1/chat/completions"],
    ["https://host/openai?api-version=2026-01", "/v1/responses", "/openai/responses?api-version=2026-01"],
    ["https://host/v1", "/v1/a b?c#d", "/v1/a%20b"],
    ["  http://host/v1\n", "/v1/responses", "/v1/responses"],
    ["HTTP://Host/v1", "/v1/responses", "/v1/responses"],
  ])("%j takes a request for %j to %j", (base, url, path) => {
    expect(BaseURL.parse(base).pathOf(url)).toBe(path);
    expect(BaseURL.parse(base).pathOf(url)).toBe(path);
  });

  test("is shown without its query, which may hold a key", () => {
    const base = BaseURL.parse("https://host:8443/v1/?key=secret");
    expect(base.text).toBe("https://host:8443/v1");
    expect(base.origin.href).toBe("https://host:8443/");
  });

  test.each([
    ["", /is empty/, /http:\/\/localhost:11434\/v1/],
    ["localhost:11434/v1", /does not begin with/, /http:\/\/localhost:11434\/v1/],
    ["127.0.0.1/v1", /does not begin with/, /http:\/\/127\.0\.0\.1\/v1/],
    ["gpu-box:8000/v1", /does not begin with/, /http:\/\/gpu-box:8000\/v1/],
    ["localhost:11434", /does not begin with/, /http:\/\/localhost:11434\/v1:/],
    ["localhost:11434/", /does not begin with/, /http:\/\/localhost:11434\/v1:/],
    ["api.groq.com/openai/v1", /does not begin with/, /https:\/\/api\.groq\.com\/openai\/v1/],
    ["//api.groq.com/openai/v1", /does not begin with/, /https:\/\/api\.groq\.com\/openai\/v1/],
    ["http:/localhost:11434/v1", /does not begin with/, /http:\/\/localhost:11434\/v1/],
    ["ftp://host/v1", /begins with ftp:/, /Use http/],
    ["http://", /is no URL/, /http:\/\/localhost:11434\/v1/],
    ["http://a b/v1", /is no URL/, /http:\/\/localhost:11434\/v1/],
    ["http://host/v1#models", /after #/, /Leave out #/],
    [
      "http://localhost:11434/v1/chat/completions",
      /names an endpoint/,
      /each names? its own: http:\/\/localhost:11434\/v1[^/]|http:\/\/localhost:11434\/v1:/,
    ],
    ["https://host/v1/embeddings/", /names an endpoint/, /https:\/\/host\/v1:/],
  ])("%j is refused, with what to write", (base, message, hint) => {
    const error = errorOf(() => BaseURL.parse(base));
    expect(error).toMatchObject({ code: "invalid_option", message: expect.stringMatching(message) });
    expect(error.hint).toMatch(hint);
    expect(error.hint).toMatch(/baseURL \(--base-url, or OPENAI_BASE_URL; --upstream of openbatch serve\)/);
  });

  test.each([
    "http://user:secret@host/v1",
    "http://secret@host/v1",
    "user:secret@host/v1",
    "host/v1?key=secret",
  ])("%j is refused, and what may be secret in it is not shown", (base) => {
    const error = errorOf(() => BaseURL.parse(base));
    expect(error.code).toBe("invalid_option");
    expect(error.message + error.hint).not.toMatch(/secret/);
  });

  test("keeps its memory small when every request has a url of its own", () => {
    const base = BaseURL.parse("http://host/v1");
    for (let number = 0; number < 5000; number++) expect(base.pathOf(`/v1/${number}`)).toBe(`/v1/${number}`);
  });
});

function errorOf(action: () => unknown): OpenbatchError {
  try {
    action();
  } catch (error) {
    if (error instanceof OpenbatchError) return error;
    throw error;
  }
  throw new Error("expected an error");
}
