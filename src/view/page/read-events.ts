/** An event that a server has sent. */
export interface SentEvent {
  readonly id: string;
  readonly data: string;
}

/** Reads server-sent events as they come: of each its id and its line of data. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<SentEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const events = (text + decoder.decode(read.value, { stream: true })).split("\n\n");
      text = events.pop() ?? "";
      for (const event of events) {
        const id = fieldOf(event, "id");
        const data = fieldOf(event, "data");
        if (id !== undefined && data !== undefined) yield { id, data };
      }
    }
  } finally {
    await reader.cancel();
  }
}

function fieldOf(event: string, name: string): string | undefined {
  const start = `${name}: `;
  return event
    .split("\n")
    .find((line) => line.startsWith(start))
    ?.slice(start.length);
}
