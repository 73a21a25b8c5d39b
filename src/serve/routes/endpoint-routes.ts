import { endpoints } from "../../api/index.js";
import type { Lane, Outcome, Withheld } from "../../execute/index.js";
import type { Answering } from "../protocol/answering.js";
import { ApiError } from "../protocol/api-error.js";
import { readEndpointBody } from "../protocol/read-endpoint-body.js";
import type { ServerApp, ServerContext } from "../protocol/server-context.js";

/** Images come as data URLs, or as files. */
const maxBodyBytes = 67_108_864;

/** What the official clients send files to beside the endpoints of batches. */
const fileEndpoints = ["/v1/images/variations", "/v1/audio/transcriptions", "/v1/audio/translations"];

const charactersPerToken = 4;

/** Answers single requests to the endpoints, and the models there are, from where batches are answered. */
export function addEndpointRoutes(app: ServerApp, answering: Answering): void {
  const urls = answering.isRehearsal ? endpoints : [...endpoints, ...fileEndpoints];
  for (const url of urls) app.post(url, (context) => answerRequest(context, url, answering));
  app.get("/v1/models", async (context) => {
    const data = (await answering.listModels()).map(toModel);
    return context.json({ object: "list", data });
  });
  app.get("/v1/models/:id{.+}", async (context) => {
    const id = context.req.param("id");
    const isAny = answering.isRehearsal && answering.models === undefined;
    if (isAny || (await answering.listModels()).includes(id)) return context.json(toModel(id));
    throw new ApiError(
      404,
      `The model '${id.slice(0, 100)}' does not exist or you do not have access to it.`,
      {
        param: "model",
        code: "model_not_found",
      },
    );
  });
}

/** Sends one request to where batches are answered, and gives its answer. */
export async function answerRequest(
  context: ServerContext,
  url: string,
  answering: Answering,
): Promise<Response> {
  const { incoming, outgoing } = context.env;
  const { model: ownModel } = answering;
  const { text, json, form } = await readEndpointBody(incoming, { maxBytes: maxBodyBytes, model: ownModel });
  if (json.stream === true) throw noStreaming();
  if (textFormats.has(json.response_format)) throw noText();
  const lane = answering.openLane();
  // Whoever asked may go away before there is an answer.
  outgoing.once("close", () => lane.abort());
  const model = ownModel ?? (typeof json.model === "string" ? json.model : undefined);
  const estimatedTokens = Math.ceil(text.length / charactersPerToken);
  const request = { custom_id: undefined, url, body: text, form, model, estimatedTokens };
  const outcome = await sendAlone(lane, request);
  return toResponse(context, outcome);
}

function noStreaming(): ApiError {
  return new ApiError(400, "This server does not stream answers: leave out 'stream'.", {
    param: "stream",
    code: "unsupported_value",
  });
}

/** What is answered with text: transcripts alone, none of which can be a batch's. */
const textFormats: ReadonlySet<unknown> = new Set(["text", "srt", "vtt"]);

function noText(): ApiError {
  return new ApiError(400, "This server passes on answers in JSON alone: leave out 'response_format'.", {
    param: "response_format",
    code: "unsupported_value",
  });
}

/** Sends one request in a lane of its own, whose end decides whatever is left open. */
async function sendAlone(lane: Lane, request: Parameters<Lane["send"]>[0]): Promise<Outcome> {
  const isReady = await lane.ready();
  if (!isReady) return { kind: "withheld", cause: lane.stopCause, isCutShort: false, attempts: 0, ms: 0 };
  const sent = lane.send(request);
  lane.close();
  return sent;
}

function toResponse({ env }: ServerContext, outcome: Outcome): Response {
  switch (outcome.kind) {
    case "answered":
      env.outgoing.setHeader("x-request-id", outcome.requestId);
      return new Response(outcome.body, {
        status: outcome.status,
        headers: { "content-type": "application/json" },
      });
    case "unanswered":
      throw new ApiError(502, outcome.error.message, { code: outcome.error.code });
    case "withheld":
      throw toApiError(outcome);
  }
}

/** What would fail every request, in the words of the service where it has some for it. */
function toApiError({ cause }: Withheld): ApiError {
  if (cause === undefined) return new ApiError(503, "The server is shutting down.");
  switch (cause.code) {
    case "unknown_model":
      return new ApiError(404, cause.message, { param: "model", code: "model_not_found" });
    case "unknown_endpoint":
      return new ApiError(404, cause.message, { code: "unknown_url" });
    case "insufficient_quota":
      return new ApiError(429, cause.message, { type: "insufficient_quota", code: "insufficient_quota" });
    case "rate_limited":
      return new ApiError(429, cause.message, { type: "requests", code: "rate_limit_exceeded" });
    default:
      return new ApiError(503, cause.message, { code: cause.code });
  }
}

function toModel(id: string): object {
  return { id, object: "model", created: 0, owned_by: "openbatch" };
}
