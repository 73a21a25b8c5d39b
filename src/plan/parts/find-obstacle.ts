import type { RequestOutline } from "../../batch-file/index.js";
import { type Code, formatCount } from "../../errors/index.js";
import { byteLimitOf, type Fact, type Profile } from "../../providers/index.js";
import type { OwnLimits } from "./part-limits.js";

/** Why no batch can hold a request. */
export interface Obstacle {
  readonly code: Code;
  readonly message: string;
  readonly hint: string;
}

/** How much there is of one request. */
export interface RequestSize {
  /** Of its line, with the line feed. */
  readonly bytes: number;
  readonly embeddingInputs: number;
}

/** What stands in the way of a request, by what is known for certain. */
export function findObstacle(
  { url }: RequestOutline,
  { bytes, embeddingInputs }: RequestSize,
  { title, urls, limits }: Profile,
  { maxBytes = Infinity }: OwnLimits,
): Obstacle | undefined {
  if (urls.isVerified && !Object.hasOwn(urls.value, url))
    return toUrlObstacle(title, Object.keys(urls.value));
  const size = byteLimitOf(limits);
  const most = Math.min(maxBytes, size?.fact.isVerified ? size.most : Infinity, known(limits.lineBytes));
  if (bytes > most)
    return toObstacle(
      "line_too_long",
      `its ${formatCount(bytes)} bytes are over the limit of ${formatCount(most)}.`,
      "Make the request smaller.",
    );
  if (embeddingInputs <= known(limits.embeddingInputs)) return undefined;
  const message = `its ${formatCount(embeddingInputs)} embedding inputs are more than a batch of ${title} takes.`;
  return toObstacle("too_many_embedding_inputs", message, "Ask for fewer of them in one request.");
}

function known(fact: Fact<number> | undefined): number {
  return fact?.isVerified ? fact.value : Infinity;
}

function toUrlObstacle(title: string, known: readonly string[]): Obstacle {
  return toObstacle(
    "invalid_url",
    `its url is none that lines have at ${title}.`,
    `Use one of ${known.join(", ")}.`,
  );
}

function toObstacle(code: Code, message: string, hint: string): Obstacle {
  return { code, message, hint };
}
