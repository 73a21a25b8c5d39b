import { countEmbeddingInputs } from "../../api/index.js";
import type { RequestLine } from "../../batch-file/index.js";
import { Column } from "../../jsonl/index.js";

/** Requests that may stand in one batch. */
export interface RequestGroup {
  readonly endpoint: string;
  readonly model: string | undefined;
}

/** What is known of the lines of a batch file: where each stands, and with which others it can be sent. 20 bytes a line. */
export class LineCatalogue {
  readonly groups: RequestGroup[] = [];
  readonly #groupByKey = new Map<string, number>();
  readonly #group = new Column(Uint32Array);
  readonly #offset = new Column(Float64Array);
  readonly #bytes = new Column(Uint32Array);
  readonly #inputs = new Column(Uint32Array);

  add({ url, body }: RequestLine, { line, offset, bytes }: LineExtent): void {
    const model = typeof body.model === "string" ? body.model : undefined;
    // Blank lines have none.
    while (this.#group.length < line - 1) this.#push(0, offset, 0, 0);
    this.#push(this.#numberOf(url, model), offset, bytes, countEmbeddingInputs(body));
  }

  get lines(): number {
    return this.#group.length;
  }

  /** The number of the group, counted from 1; 0 for a blank line. */
  groupOf(line: number): number {
    return line > this.#group.length ? 0 : this.#group.get(line - 1);
  }

  offsetOf(line: number): number {
    return this.#offset.get(line - 1);
  }

  /** Without its line feed. */
  bytesOf(line: number): number {
    return this.#bytes.get(line - 1);
  }

  inputsOf(line: number): number {
    return this.#inputs.get(line - 1);
  }

  #push(group: number, offset: number, bytes: number, inputs: number): void {
    this.#group.push(group);
    this.#offset.push(offset);
    this.#bytes.push(bytes);
    this.#inputs.push(inputs);
  }

  #numberOf(endpoint: string, model: string | undefined): number {
    const key = JSON.stringify([endpoint, model]);
    const known = this.#groupByKey.get(key);
    if (known !== undefined) return known;
    const number = this.groups.push({ endpoint, model });
    this.#groupByKey.set(key, number);
    return number;
  }
}

export interface LineExtent {
  readonly line: number;
  readonly offset: number;
  readonly bytes: number;
}
