import type { Endpoint } from "../../api/index.js";
import { escapeLine, type ShapedValue } from "../../jsonl/index.js";

/** A request whose body was checked before, but for texts that every rule takes. */
export interface RenderedRequest {
  readonly custom_id: string;
  readonly url: Endpoint;
  /** The JSON of the body before, between and behind the texts; the same list for all requests of a template. */
  readonly pieces: readonly string[];
  /** The id, and then whole characters, which stand inside of strings. */
  readonly texts: readonly string[];
}

/** Makes lines of rendered requests. What the lines of one template have in common is made bytes of once. */
export class RenderedLines {
  readonly #ensureAscii: boolean;
  /** Of the template whose requests came last. */
  #last: (Pick<RenderedRequest, "url" | "pieces"> & Pick<ShapedValue, "stretches">) | undefined;

  constructor({ ensureAscii }: { readonly ensureAscii: boolean }) {
    this.#ensureAscii = ensureAscii;
  }

  toLine(request: RenderedRequest): ShapedValue {
    return { stretches: this.#toStretches(request), texts: request.texts };
  }

  #toStretches(request: RenderedRequest): readonly Buffer[] {
    const { url, pieces } = request;
    if (this.#last?.pieces !== pieces || this.#last.url !== url) {
      const stretches = toLinePieces(request).map((piece) =>
        Buffer.from(escapeLine(piece, { ensureAscii: this.#ensureAscii })),
      );
      this.#last = { url, pieces, stretches };
    }
    return this.#last.stretches;
  }
}

/** The same line as JSON text, for where it has no room in the buffer. */
export function toRenderedText(request: RenderedRequest): string {
  const texts = request.texts.map((text) => JSON.stringify(text).slice(1, -1));
  return toLinePieces(request)
    .map((piece, index) => piece + (texts[index] ?? ""))
    .join("");
}

/** The line before, between and behind its id and texts. */
function toLinePieces({ url, pieces: [first = "", ...others] }: RenderedRequest): readonly string[] {
  const pieces = [`","method":"POST","url":"${url}","body":${first}`, ...others];
  return ['{"custom_id":"', ...pieces.slice(0, -1), `${pieces.at(-1)}}`];
}
