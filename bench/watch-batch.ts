import { setTimeout } from "node:timers/promises";

/** The files that an ended batch has at a server. */
export interface EndedBatch {
  readonly output: string;
  readonly errors: string | null;
}

/** Waits for the one batch of a server that has just been started, and looks so often that the moment is known. */
export async function watchBatch(baseURL: string): Promise<EndedBatch> {
  for (;;) {
    await setTimeout(20);
    const answer = await fetch(`${baseURL}/batches`);
    // What the Batch API lists.
    const { data } = (await answer.json()) as { data: { status: string; [file: string]: string | null }[] };
    const [batch] = data;
    if (batch?.status !== "completed") continue;
    return { output: batch.output_file_id ?? "", errors: batch.error_file_id ?? null };
  }
}
