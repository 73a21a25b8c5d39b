export { byteLimitOf } from "./profiles/byte-limit.js";
export { endpointAt } from "./profiles/endpoint-at.js";
export type { Fact } from "./profiles/fact.js";
export { findProfile } from "./profiles/find-profile.js";
export { isIdTaken, isPlainId } from "./profiles/is-id-taken.js";
export type {
  Authentication,
  BatchLimits,
  BatchState,
  IdRule,
  Profile,
  Refusals,
  Trial,
  UrlTable,
  Windows,
} from "./profiles/profile.js";
export { type ProfileName, profileNames } from "./profiles/profile-name.js";
export { profiles } from "./profiles/profiles.js";
export { recogniseProfile } from "./profiles/recognise-profile.js";
export type {
  BatchCounts,
  BatchProblem,
  BatchService,
  OutgoingPart,
  Sighting,
} from "./seam/batch-service.js";
export type {
  LineTranslator,
  TranslatedRequest,
  TranslationNote,
  UnsayableRequest,
} from "./seam/line-translator.js";
export type { ModelNamesOptions } from "./seam/model-names.js";
export { ServiceRefusal } from "./seam/service-refusal.js";
export { writeOurLine } from "./seam/write-our-line.js";
export { toNumberedId, writeServiceLine } from "./seam/write-service-line.js";
export { createService, createTranslator } from "./services.js";
