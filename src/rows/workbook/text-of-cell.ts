/** Gathers the text of a cell from its runs, without the reading aids that stand beside them. */
export class TextOfCell {
  #text = "";
  #isText = false;
  #aids = 0;

  open(name: string): void {
    if (name === "rPh") this.#aids += 1;
    this.#isText = name === "t" && this.#aids === 0;
  }

  add(text: string): void {
    if (this.#isText) this.#text += text;
  }

  close(name: string): void {
    if (name === "rPh") this.#aids -= 1;
    this.#isText = false;
  }

  take(): string {
    const text = decodeEscapes(this.#text);
    this.#text = "";
    return text;
  }
}

/** Characters that XML cannot hold stand as `_x000D_`, and what looks like one of these as `_x005F_x000D_`. */
export function decodeEscapes(text: string): string {
  if (!text.includes("_x")) return text;
  return text.replace(/_x([0-9a-fA-F]{4})_/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}
