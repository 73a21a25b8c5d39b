import { isObject, modelOf } from "../../api/index.js";
import { type RequestLine, replaceMember } from "../../batch-file/index.js";
import type {
  LineTranslator,
  ResultOrigin,
  TranslatedRequest,
  TranslationNote,
  UnsayableRequest,
} from "../seam/line-translator.js";
import type { ModelNames } from "../seam/model-names.js";
import { toResultLine } from "./answer/to-result-line.js";
import { toMessageParams } from "./request/to-message-params.js";
import { TranslationNotes } from "./request/translation-notes.js";

type JsonObject = Readonly<Record<string, unknown>>;

const messagesURL = "/v1/messages";
const ownURL = `Write the request as a chat completion, or as Anthropic's own: url "${messagesURL}".`;

/** Names that no model of Anthropic has. */
const openAIsModel = /^(?:gpt-|chatgpt-|o\d(?:-|$)|text-|davinci|babbage)/;

/** Lines of Message Batches: `{"custom_id", "params"}`, and `{"custom_id", "result"}`. */
export class AnthropicLines implements LineTranslator {
  readonly #models: ModelNames;

  constructor(models: ModelNames) {
    this.#models = models;
  }

  translate(request: RequestLine): TranslatedRequest | UnsayableRequest {
    switch (request.url) {
      case messagesURL:
        return this.#passOn(request);
      case "/v1/chat/completions":
        return withinDepth(() => this.#translateChat(request));
      case "/v1/responses":
        return toUnsayable([
          {
            path: "url",
            message:
              "a responses request cannot be said at Anthropic so that its answer is one of a responses request.",
            hint: ownURL,
          },
        ]);
      default:
        return toUnsayable([
          { path: "url", message: "Anthropic's batches have nothing like this endpoint.", hint: ownURL },
        ]);
    }
  }

  toServiceLine(custom_id: string, { body }: TranslatedRequest): string {
    return `{"custom_id":${JSON.stringify(custom_id)},"params":${body}}`;
  }

  readResultId({ custom_id }: JsonObject): string | undefined {
    return typeof custom_id === "string" && custom_id !== "" ? custom_id : undefined;
  }

  toOurLine(line: JsonObject, origin: ResultOrigin): JsonObject | undefined {
    return toResultLine(line, origin);
  }

  #passOn({ body, bodyText }: RequestLine): TranslatedRequest | UnsayableRequest {
    const notes = new TranslationNotes();
    refuseInBatches(body, notes);
    const model = this.#findModel(body, notes);
    // As it stands, so that its numbers do; a line of theirs has no other line ends than ours.
    const text = bodyText.replace(/[\r\n]/g, " ");
    const { max_tokens } = body;
    return toTranslation(notes, {
      url: messagesURL,
      model,
      body: model === undefined || model === body.model ? text : replaceMember(text, "model", model),
      isNative: true,
      maxTokens: typeof max_tokens === "number" ? max_tokens : undefined,
    });
  }

  #translateChat({ body }: RequestLine): TranslatedRequest | UnsayableRequest {
    const notes = new TranslationNotes();
    const model = this.#findModel(body, notes);
    const params = toMessageParams(body, model ?? "", notes);
    return toTranslation(notes, {
      ...{ url: messagesURL, model, isNative: false },
      body: JSON.stringify(params),
      maxTokens: params.max_tokens,
    });
  }

  #findModel(body: JsonObject, notes: TranslationNotes): string | undefined {
    const asked = modelOf(body);
    const { model = asked, isNamed } = this.#models.find(asked);
    const hint = "Name one of Anthropic's: model (--model NAME), or modelNames (--map NAME=ITS-NAME).";
    if (model === undefined) notes.refuse("body.model", "There is no model.", hint);
    else if (!isNamed && openAIsModel.test(model))
      notes.refuse("body.model", `${JSON.stringify(model)} is no model of Anthropic.`, hint);
    return model;
  }
}

/** What Anthropic takes in a single request, and in none of a batch. Source: its pages on Message Batches, November 2026. */
function refuseInBatches({ speed, max_tokens, fallbacks }: JsonObject, notes: TranslationNotes): void {
  const refuseSpeed = (path: string) =>
    notes.refuse(path, "Anthropic's batches have no speed to choose.", "Leave it out.");
  if (speed !== undefined) refuseSpeed("body.speed");
  const others = Array.isArray(fallbacks) ? fallbacks : [];
  for (const [index, other] of others.entries())
    if (isObject(other) && other.speed !== undefined) refuseSpeed(`body.fallbacks[${index}].speed`);
  if (max_tokens === 0)
    notes.refuse("body.max_tokens", "Anthropic's batches take no 0 here.", "Allow 1 token or more.");
}

/** What is nested too deep cannot be written again. */
function withinDepth<Translated>(translate: () => Translated): Translated | UnsayableRequest {
  try {
    return translate();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return toUnsayable([
      { path: "body", message: "it is nested too deep to be translated.", hint: "Nest it less deep." },
    ]);
  }
}

function toTranslation(
  { obstacles, warnings }: TranslationNotes,
  request: Omit<TranslatedRequest, "kind" | "warnings">,
): TranslatedRequest | UnsayableRequest {
  return obstacles.length > 0 ? toUnsayable(obstacles) : { kind: "translated", ...request, warnings };
}

function toUnsayable(obstacles: readonly TranslationNote[]): UnsayableRequest {
  return { kind: "unsayable", obstacles };
}
