/** Writes some bytes whole. */
export type WriteBytes = (bytes: Uint8Array) => Promise<void>;

const capacity = 262_144;

/** Gathers what a table is made of into few large writes. */
export class TableOutput {
  readonly #write: WriteBytes;
  #texts: string[] = [];
  #length = 0;

  constructor(write: WriteBytes) {
    this.#write = write;
  }

  async addText(text: string): Promise<void> {
    this.#texts.push(text);
    this.#length += text.length;
    if (this.#length >= capacity) await this.flush();
  }

  async addBytes(bytes: Uint8Array): Promise<void> {
    await this.flush();
    await this.#write(bytes);
  }

  async flush(): Promise<void> {
    if (this.#length === 0) return;
    const bytes = Buffer.from(this.#texts.join(""));
    this.#texts = [];
    this.#length = 0;
    await this.#write(bytes);
  }
}
