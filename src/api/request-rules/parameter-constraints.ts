import { modelIsMissing } from "../parameters/model.js";
import type { Endpoint } from "../request/endpoint.js";
import type { Inspection } from "../rule/inspection.js";
import { isPresent } from "../rule/is-present.js";
import { reportMissing } from "../rule/object-rule.js";
import { isObject } from "../rule/rule.js";
import { chatSaysJson, responsesSayJson } from "./json-word.js";
import { chatCallsAreAnswered, responsesCallsAreAnswered } from "./tool-calls.js";
import { chatToolsAgree, functionsAgree, responsesToolsAgree } from "./tools.js";

type Body = Readonly<Record<string, unknown>>;

/** A rule between the parameters of one body. */
type Constraint = (body: Body, at: Inspection) => void;

/** What the table of an endpoint cannot say of its parameters one by one. */
export const parameterConstraints: Readonly<Record<Endpoint, readonly Constraint[]>> = {
  "/v1/responses": [
    hasInput,
    hasModelUnlessPromptHasIt,
    continuesOneThing,
    responsesToolsAgree,
    responsesCallsAreAnswered,
    responsesSayJson,
  ],
  "/v1/chat/completions": [
    topLogprobsNeedLogprobs,
    metadataNeedsStore,
    hasOneLimit,
    chatToolsAgree,
    functionsAgree,
    predictionGoesAlone,
    soundIsAskedForTwice,
    chatCallsAreAnswered,
    chatSaysJson,
  ],
  "/v1/embeddings": [],
  "/v1/completions": [bestOfIsAtLeastN],
  "/v1/moderations": [],
  "/v1/images/generations": [namesAnImageModel, pngIsNotCompressed, jpegIsOpaque],
  "/v1/images/edits": [pngIsNotCompressed, jpegIsOpaque],
  "/v1/videos": [isClosing],
};

function hasInput(body: Body, at: Inspection): void {
  if (isPresent(body.input) && !isEmpty(body.input)) return;
  if (isPresent(body.prompt)) return;
  if (isPresent(body.previous_response_id) || isPresent(body.conversation)) return warnOfNoInput(at);
  if (!isPresent(body.input)) {
    return reportMissing("input", at, "Add input, or prompt: the id of a prompt stored with the service.");
  }
  at.inside("input", () =>
    at.error("invalid_value", "an empty input is not allowed.", "Give it some content."),
  );
}

function warnOfNoInput(at: Inspection): void {
  at.inside("input", () => at.warning("likely_refused", "there is no input to go on with.", "Add input."));
}

function hasModelUnlessPromptHasIt(body: Body, at: Inspection): void {
  if (isPresent(body.model) || isPresent(body.prompt)) return;
  at.inside("model", () => at.error("invalid_request", modelIsMissing, "Add model."));
}

function continuesOneThing(body: Body, at: Inspection): void {
  if (!isPresent(body.previous_response_id) || !isPresent(body.conversation)) return;
  at.inside("previous_response_id", () => {
    at.error("conflicting_parameters", "previous_response_id and conversation exclude each other.");
  });
}

function topLogprobsNeedLogprobs(body: Body, at: Inspection): void {
  if (!isPresent(body.top_logprobs) || body.top_logprobs === 0 || body.logprobs === true) return;
  at.inside("top_logprobs", () => {
    at.warning("likely_refused", "top_logprobs is said to need logprobs: true.", "Add logprobs: true.");
  });
}

/** "The 'metadata' parameter is only allowed when 'store' is enabled": OpenAI's answer as public code quotes it, 2026. */
function metadataNeedsStore({ metadata, store }: Body, at: Inspection): void {
  if (!isPresent(metadata) || store === true || isNothing(metadata)) return;
  at.inside("metadata", () => {
    const message = "the 'metadata' parameter is only allowed when 'store' is enabled.";
    at.refused(
      "conflicting_parameters",
      message,
      "Add store: true, or leave it out: the custom_id tells answers apart.",
    );
  });
}

/**
 * "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported": OpenAI's answer, with the code
 * invalid_parameter_combination. Source: langchain-ai/langgraph#5943, August 2025.
 */
function hasOneLimit({ max_tokens, max_completion_tokens }: Body, at: Inspection): void {
  if (!isPresent(max_tokens) || !isPresent(max_completion_tokens)) return;
  at.inside("max_tokens", () => {
    const message = "setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.";
    at.refused("conflicting_parameters", message, "Use max_completion_tokens alone.");
  });
}

function bestOfIsAtLeastN({ best_of, n = 1 }: Body, at: Inspection): void {
  if (typeof best_of !== "number" || typeof n !== "number" || best_of === 0 || best_of >= n) return;
  at.inside("best_of", () => {
    at.warning(
      "likely_refused",
      `${best_of} is below n, which is ${n}.`,
      `Use ${n} or more, or a smaller n.`,
    );
  });
}

function isClosing(_body: Body, at: Inspection): void {
  const message = "OpenAI announced that its video API shuts down on 2026-09-24.";
  at.warning("deprecated_endpoint", message, "Use another service for videos.");
}

function isNothing(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

function isEmpty(value: unknown): boolean {
  return value === "" || (Array.isArray(value) && value.length === 0);
}

/** OpenAI's guide to predicted outputs: they go without these. */
function predictionGoesAlone(body: Body, at: Inspection): void {
  if (!isPresent(body.prediction)) return;
  const { n, logprobs, max_completion_tokens, tools } = body;
  const refused = Object.entries({
    n: typeof n === "number" && n > 1,
    logprobs: logprobs === true,
    max_completion_tokens: isPresent(max_completion_tokens),
    tools: isPresent(tools),
  });
  for (const [name, isGiven] of refused) {
    if (!isGiven) continue;
    const message = "predicted outputs are said to go without it.";
    at.inside(name, () => at.warning("likely_refused", message, "Leave it out, or leave prediction out."));
  }
}

/** Sound is asked for with `modalities`, and how it is to be with `audio`. */
function soundIsAskedForTwice({ modalities, audio }: Body, at: Inspection): void {
  const wantsSound = Array.isArray(modalities) && modalities.includes("audio");
  if (wantsSound === isPresent(audio)) return;
  const [name, message, hint] = wantsSound
    ? ["modalities", 'for "audio" the parameter audio is needed, too.', "Add audio: its format and voice."]
    : ["audio", 'it needs "audio" among the modalities.', 'Add modalities: ["text","audio"].'];
  at.inside(name, () => at.warning("likely_refused", message, hint));
}

/** Without a model it is dall-e-2, says openai-node 7.57, if no parameter of the later ones is used. */
function namesAnImageModel({ model }: Body, at: Inspection): void {
  if (isPresent(model)) return;
  at.inside("model", () => {
    const message = "no model is named; without one it is said to be dall-e-2, which is retired.";
    at.warning("likely_refused", message, "Add model: gpt-image-2 or a later image model.");
  });
}

/** "Compression less than 100 is not supported for PNG output format": OpenAI's answer as public code quotes it, November 2026. */
function pngIsNotCompressed({ output_compression, output_format }: Body, at: Inspection): void {
  if (typeof output_compression !== "number" || output_compression >= 100) return;
  if (isPresent(output_format) && output_format !== "png") return;
  at.inside("output_compression", () => {
    const message =
      "compression less than 100 is not supported for png, which is what is given without output_format.";
    at.refused("conflicting_parameters", message, 'Use output_format "jpeg" or "webp", or leave it out.');
  });
}

function jpegIsOpaque({ background, output_format }: Body, at: Inspection): void {
  if (background !== "transparent" || output_format !== "jpeg") return;
  const message = "jpeg has no transparent background.";
  at.inside("background", () => at.warning("likely_refused", message, 'Use output_format "png" or "webp".'));
}
