/** The members of a body whose strings differ from line to line. */
const textMembers: ReadonlySet<string | null | undefined> = new Set([
  ...["input", "instructions", "messages", "prompt"],
  // Of Anthropic's requests.
  "system",
]);

/** Whether what stands at a place of a line is such a string. */
export function isRequestText([outer, name]: readonly (string | null)[]): boolean {
  return (outer === "body" || outer === "params") && textMembers.has(name);
}
