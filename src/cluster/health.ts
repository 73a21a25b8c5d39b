import type { ServedParts } from "../serve/index.js";

/**
 * Answers whoever watches over servers, without a key: `/healthz` as long as the process does its work, `/readyz` as long as it can
 * do what it is asked.
 * @param assertReady throws where it cannot.
 */
export function answerHealth(assertReady: () => Promise<unknown>): NonNullable<ServedParts["around"]> {
  return (app) =>
    async (request, ...rest) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/healthz") return Response.json({ status: "ok" });
      if (pathname !== "/readyz") return app.fetch(request, ...rest);
      try {
        await assertReady();
        return Response.json({ status: "ready" });
      } catch {
        return Response.json({ status: "not ready" }, { status: 503, headers: { "retry-after": "5" } });
      }
    };
}
