import { defaultBytesInFlight } from "../../http/index.js";

/** Before any answer was seen. Images come as base64; a vector is a few tens of kilobytes of digits. */
const firstGuesses: readonly (readonly [path: string, bytes: number])[] = [
  ["/images/", 4 * 1024 * 1024],
  ["/embeddings", 64 * 1024],
];
const otherGuess = 16 * 1024;

/** How much the latest answer weighs in what is expected of the next. */
const weight = 0.2;

/** Bounds the memory for bodies: of requests that are under way, and of the answers that they will have. */
export class BytesInFlight {
  readonly #maxBytes: number;
  #reserved = 0;
  /** Of one request with its answer. */
  #average = otherGuess;
  readonly #answerBytes = new Map<string, number>();

  constructor(maxBytes = defaultBytesInFlight()) {
    this.#maxBytes = maxBytes;
  }

  get maxBytes(): number {
    return this.#maxBytes;
  }

  /** Whether there is room for one more beside those whose size is not known yet. */
  hasRoom(unknown: number): boolean {
    return this.#reserved + (unknown + 1) * this.#average <= this.#maxBytes;
  }

  /** Reserves what a request and its answer may take. To be released after it. */
  reserve(url: string, requestLength: number): number {
    const bytes = requestLength + (this.#answerBytes.get(url) ?? guess(url));
    this.#reserved += bytes;
    this.#average += (bytes - this.#average) * weight;
    return bytes;
  }

  release(bytes: number): void {
    this.#reserved -= bytes;
  }

  learn(url: string, answerLength: number): void {
    const known = this.#answerBytes.get(url);
    if (known === undefined && this.#answerBytes.size >= 1000) return;
    this.#answerBytes.set(url, known === undefined ? answerLength : known + (answerLength - known) * weight);
  }
}

function guess(url: string): number {
  return firstGuesses.find(([path]) => url.includes(path))?.[1] ?? otherGuess;
}
