import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BatchServer, openBatchServer } from "../serve/index.js";
import { assertTestOptions } from "./assert-test-options.js";
import { toStagedSteps } from "./staged-steps.js";
import { TestClock } from "./test-clock.js";
import type { TestBatchServerOptions } from "./test-server-options.js";
import { toTroubledLayers } from "./troubled-layers.js";
import { toTroubledSteps } from "./troubled-steps.js";

/** A server for tests. Close it at the end; `await using` does so too. */
export interface TestBatchServer extends BatchServer {
  /** A key that the server takes, for clients that want one. */
  readonly apiKey: string;
  readonly clock: Pick<TestClock, "now" | "advance">;
}

/**
 * Starts OpenAI's Files and Batches API on a free port of this machine, for tests of programs that use it. If nothing else is
 * said, answers are made up, always the same for the same request, and all that was kept is deleted at the end.
 *
 * Time is the server's own: `clock: { speed: 0 }` stops it, and `server.clock.advance(ms)` moves it on.
 *
 * @throws OpenbatchError `invalid_option`, `cannot_listen`, or why its folder cannot be used.
 *
 * @example
 * ```ts
 * import { startBatchServer } from "openbatch/testing";
 *
 * const server = await startBatchServer({ clock: { speed: 0 }, trouble: { failPolls: 3 } });
 * console.log(server.baseURL, server.apiKey);
 * await server.clock.advance(24 * 60 * 60 * 1000);
 * await server.close();
 * ```
 */
export async function startBatchServer(options: TestBatchServerOptions = {}): Promise<TestBatchServer> {
  assertTestOptions(options);
  const { clock: clockOptions = {}, stageMs = {}, trouble = {}, ...rest } = options;
  const data = options.data ?? (await mkdtemp(join(tmpdir(), "openbatch-server-")));
  const removeData = async (): Promise<void> => {
    if (options.data === undefined) await rm(data, { recursive: true, force: true });
  };
  try {
    let settle = async (): Promise<void> => undefined;
    const clock = new TestClock(clockOptions, () => settle());
    const server = await openBatchServer(
      { ...rest, data, port: rest.port ?? 0, rehearse: rest.rehearse ?? rest.upstream === undefined },
      {
        clock,
        steps: toStagedSteps(toTroubledSteps(trouble), stageMs),
        layers: toTroubledLayers(trouble),
        // An answer that hangs would hold up the clock for as long in real time.
        graceMs: 0,
      },
    );
    settle = () => server.whenQuiet();
    const close: BatchServer["close"] = async (closing) => {
      await server.close(closing);
      await removeData();
    };
    return {
      baseURL: server.baseURL,
      pageLink: server.pageLink,
      metricsURL: server.metricsURL,
      data: server.data,
      get unfinishedBatches() {
        return server.unfinishedBatches;
      },
      apiKey: options.apiKey ?? "openbatch",
      clock,
      close,
      [Symbol.asyncDispose]: () => close(),
    };
  } catch (error) {
    await removeData();
    throw error;
  }
}
