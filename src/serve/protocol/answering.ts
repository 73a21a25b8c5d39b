import { readModelNames } from "../../api/index.js";
import {
  type Lane,
  type LaneRequest,
  type Pause,
  RehearsalTransport,
  Upstream,
  type UpstreamEvent,
} from "../../execute/index.js";
import { HttpTransport, type Transport } from "../../http/index.js";
import { tryParseJson } from "../../jsonl/index.js";
import { createRehearsal, type RehearsalOptions } from "../../rehearse/index.js";
import type { PausedEvent } from "../store/server-event.js";
import { ApiError } from "./api-error.js";
import type { BatchServerOptions } from "./server-options.js";

/** Where requests are answered: by another server, or in rehearsal. */
export interface Answering {
  readonly isRehearsal: boolean;
  /** Takes the place of the model that a request asks for. */
  readonly model: string | undefined;
  /** The models that there are; any, where it is undefined. */
  readonly models: ReadonlySet<string> | undefined;
  /** How long requests in flight may take once nobody waits for them, in milliseconds: an answer that is paid for is waited for. */
  readonly graceMs: number;
  readonly openLane: () => Lane;
  /** How it stands with all that is sent, whoever wants it. */
  readonly standing: () => UpstreamStanding;
  /** Who answers, with what it counts. */
  readonly upstream: Upstream;
  /** The models that are known by name; in rehearsal every name is one. */
  readonly listModels: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

export interface UpstreamStanding {
  /** A base URL, or "rehearsal". */
  readonly target: string;
  /** Requests that are with the server, and for how long the oldest is, in milliseconds, where that is known. */
  readonly requests: number;
  readonly oldestMs: number | undefined;
  /** How many may be with it at once. */
  readonly concurrency: number;
  /** Why nothing is sent now, and for how long, in milliseconds. */
  readonly pause: Pause | undefined;
}

const paidGraceMs = 30_000;

/** How long the list of models may take, in milliseconds. */
const modelsTimeoutMs = 10_000;

export function createAnswering(options: BatchServerOptions): Answering {
  const { upstream: server, model, models, concurrency, requestsPerMinute, tokensPerMinute } = options;
  const isRehearsal = server === undefined;
  const transport: Transport<LaneRequest> =
    server === undefined
      ? new RehearsalTransport({ rehearsal: createRehearsal(toRehearsalOptions(options)) })
      : new HttpTransport(server);
  const upstream = new Upstream({
    ...{ transport, concurrency, requestsPerMinute, tokensPerMinute },
    onEvent: (event) => {
      const pause = toPauseEvent(event);
      if (pause !== undefined) options.onEvent?.(pause);
    },
  });
  return {
    isRehearsal,
    model,
    models: models === undefined ? undefined : new Set(models),
    graceMs: isRehearsal ? 0 : paidGraceMs,
    upstream,
    openLane: () => upstream.openLane(),
    standing: () => ({
      ...{ target: upstream.target, ...upstream.underWay },
      ...{ concurrency: upstream.counts.concurrency, pause: upstream.pause },
    }),
    listModels: async () => models ?? (isRehearsal ? [] : await fetchModels(transport)),
    close: () => upstream.close(),
  };
}

/** Of what happens at an upstream, what others are told. */
export function toPauseEvent(event: UpstreamEvent): PausedEvent | undefined {
  if (event.kind !== "pause") return undefined;
  return { kind: "pause", message: event.reason, waitMs: Math.max(0, event.until.getTime() - Date.now()) };
}

function toRehearsalOptions({ rehearse }: BatchServerOptions): RehearsalOptions {
  return typeof rehearse === "object" ? rehearse : {};
}

async function fetchModels(transport: Transport): Promise<readonly string[]> {
  const request = { method: "GET", url: "/v1/models", body: "" } as const;
  try {
    const answer = await transport.send(request, 1, AbortSignal.timeout(modelsTimeoutMs));
    const names = readModelNames(tryParseJson(answer.body));
    if (names !== undefined) return names;
  } catch {
    // Whatever went wrong, there is no list.
  }
  throw new ApiError(502, `${transport.target} does not list its models.`, { code: "upstream_error" });
}
