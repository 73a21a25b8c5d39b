const prefix = "rehearsal-";

/** The model that a rehearsed answer names: `rehearsal-gpt-4o-mini` for a request to gpt-4o-mini. */
export function rehearsalModelName(model: string): string {
  return isRehearsalModel(model) ? model : `${prefix}${model}`;
}

/** Whether the `model` of an answer says that it was made up in a rehearsal. */
export function isRehearsalModel(model: unknown): boolean {
  return typeof model === "string" && model.startsWith(prefix);
}
