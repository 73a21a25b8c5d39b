/** What the model is asked of a row. */
export function toLastMessage(line: string): string {
  // The build has written it.
  const { body } = JSON.parse(line) as {
    readonly body?: { readonly messages?: readonly { content: string }[] };
  };
  return body?.messages?.at(-1)?.content ?? "";
}
