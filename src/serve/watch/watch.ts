import type { HttpBindings } from "@hono/node-server";
import { OpenbatchError } from "../../errors/index.js";
import { createGuard } from "../../http/index.js";
import { ApiError, toErrorBody } from "../protocol/api-error.js";
import type { ServerApp, ServerLayer } from "../protocol/server-context.js";
import type { ServerEvent } from "../store/server-event.js";
import type { Metric } from "./metric.js";
import { toProcessMetrics } from "./process-metrics.js";
import { type MetricsWriter, openMetricsWriter } from "./prometheus.js";
import { ServerMeter } from "./server-meter.js";
import { type MeteredUpstream, toUpstreamMetrics } from "./upstream-metrics.js";

/** A part of a process that is watched over. */
export interface Watched {
  /** Who answers its requests, if anybody does. */
  readonly upstreams?: readonly MeteredUpstream[];
  /** What it knows of all batches. */
  readonly listQueue?: () => Promise<readonly Metric[]>;
  /** Throws where it cannot do what it is asked. */
  readonly assertReady?: () => Promise<unknown>;
}

export interface WatchedPort {
  readonly host: string;
  /** Whether those who come here see the numbers, which are of all callers together. */
  readonly hasMetrics: boolean;
}

const retryAfterSeconds = 5;

/**
 * What whoever watches over a process is told of it, without a key: `/healthz` as long as it does its work, `/readyz` as long as it
 * can do what it is asked, and `/metrics`. Nothing but plain numbers is kept for it until somebody asks.
 */
export class Watch {
  readonly #tell: (event: ServerEvent) => void;
  readonly #parts: Watched[] = [];
  readonly #meter = new ServerMeter();
  #standing: "open" | "draining" | "shut" = "open";
  #writer: Promise<MetricsWriter> | undefined;

  constructor(onEvent: (event: ServerEvent) => void) {
    this.#tell = onEvent;
  }

  /** A process that has no part yet is not ready. */
  add(part: Watched): void {
    this.#parts.push(part);
  }

  /** Counts what is told, and passes it on. */
  readonly onEvent = (event: ServerEvent): void => {
    this.#meter.note(event);
    this.#tell(event);
  };

  /** From now on the process is not ready: it ends what it has begun, and begins nothing. */
  drain(): void {
    if (this.#standing === "open") this.#standing = "draining";
  }

  /** From now on nobody is answered, before the process ends. */
  shut(): void {
    this.#standing = "shut";
  }

  /** Stands around routes: while the process drains, whoever only reads is answered still. */
  get layer(): ServerLayer {
    return async ({ req: { method } }, next) => {
      const isReading = method === "GET" || method === "HEAD";
      if (this.#standing === "shut" || (this.#standing === "draining" && !isReading)) {
        throw new ApiError(503, "The server is stopping. Please try again.", { retryAfterSeconds });
      }
      await next();
    };
  }

  /** Loads what the numbers are written with. @throws OpenbatchError `missing_package` */
  async load(): Promise<MetricsWriter> {
    this.#writer ??= openMetricsWriter().catch((error) => {
      // What is missing may be there when somebody asks again.
      this.#writer = undefined;
      throw error;
    });
    return this.#writer;
  }

  /** Answers whoever watches, and leaves all else to what comes behind. */
  before(fetch: ServerApp["fetch"], { host, hasMetrics }: WatchedPort): ServerApp["fetch"] {
    // A page in a browser that came here under another name is told no numbers.
    const guard = createGuard({ host, apiKey: undefined });
    return async (request, env, ...rest) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/healthz") return Response.json({ status: "ok" });
      if (pathname === "/readyz") return this.#answerReady();
      if (pathname !== "/metrics") return fetch(request, env, ...rest);
      // Served over HTTP, it has what node has.
      const refusal = guard((env as HttpBindings).incoming.headers);
      if (refusal !== undefined) return toFailure(403, `This is for another host or page: ${refusal}.`);
      return hasMetrics ? this.#answerMetrics() : toFailure(404, elsewhere);
    };
  }

  async #answerReady(): Promise<Response> {
    const headers = { "retry-after": `${retryAfterSeconds}` };
    if (this.#standing !== "open") return Response.json({ status: "draining" }, { status: 503, headers });
    try {
      if (this.#parts.length === 0) throw new TypeError("Nothing of it has begun.");
      for (const { assertReady } of this.#parts) await assertReady?.();
      return Response.json({ status: "ready" });
    } catch {
      return Response.json({ status: "not ready" }, { status: 503, headers });
    }
  }

  async #answerMetrics(): Promise<Response> {
    try {
      const writer = await this.load();
      const queue = await Promise.all(this.#parts.map(({ listQueue }) => listQueue?.() ?? []));
      const upstreams = this.#parts.flatMap((part) => part.upstreams ?? []);
      const metrics = [...queue.flat(), ...toUpstreamMetrics(upstreams), ...toProcessMetrics(this.#meter)];
      return new Response(await writer.write(metrics), { headers: { "content-type": writer.contentType } });
    } catch (error) {
      if (!(error instanceof OpenbatchError)) throw error;
      return toFailure(501, `${error.message} ${error.hint}`);
    }
  }
}

const elsewhere =
  "Metrics count what all callers do, and are not shown where callers need a key. Give them a port of their own: metrics (--metrics PORT).";

function toFailure(status: number, message: string): Response {
  return Response.json(toErrorBody(new ApiError(status, message)), { status });
}
