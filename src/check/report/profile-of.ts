import { findProfile, type Profile } from "../../providers/index.js";
import type { ValidationTarget } from "./report-fields.js";

/** Whose batches a file is held to. What "openbatch" runs is held to none: what OpenAI's would not take is a note. */
export function profileOf(target: ValidationTarget): Profile {
  return findProfile(target === "upload" || target === "openbatch" ? "openai" : target);
}
