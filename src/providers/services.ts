import type { HttpClient } from "../http/index.js";
import { AnthropicLines } from "./anthropic/anthropic-lines.js";
import { AnthropicService } from "./anthropic/anthropic-service.js";
import { OpenAIService } from "./openai/openai-service.js";
import type { Profile } from "./profiles/profile.js";
import type { BatchService } from "./seam/batch-service.js";
import type { LineTranslator } from "./seam/line-translator.js";
import { ModelNames, type ModelNamesOptions } from "./seam/model-names.js";

/** The Batch API of a service, over a client that knows where it is and whose key it takes. */
export function createService(profile: Profile, client: HttpClient): BatchService {
  return profile.lines === "anthropic"
    ? new AnthropicService({ client, profile })
    : new OpenAIService({ client, profile });
}

/** What says our lines in the service's words; nothing where it takes them as they are. */
export function createTranslator(profile: Profile, names: ModelNamesOptions): LineTranslator | undefined {
  return profile.lines === "anthropic" ? new AnthropicLines(new ModelNames(names)) : undefined;
}
