import { OpenbatchError } from "../../errors/index.js";

/** A run waits no longer, in milliseconds. */
export const maxWaitMs = 600_000;

/** The error for a server that asks to wait for longer than a run does. */
export function toRateLimitedError(target: string, waitMs: number): OpenbatchError {
  const until = new Date(Date.now() + waitMs).toISOString().slice(0, 16).replace("T", " ");
  return new OpenbatchError(
    "rate_limited",
    `${target} asks to wait for ${describeDuration(waitMs)}, until ${until} UTC; a run waits no longer than ten minutes.`,
    { hint: `Wait until ${until} UTC.` },
  );
}

/** As in `2 h 5 min`. */
function describeDuration(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes} min`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}
