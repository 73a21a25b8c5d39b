import { TextDecoder } from "node:util";
import { SaxesParser } from "saxes";
import { OpenbatchError } from "../../errors/index.js";
import { damagedWorkbook, tooLargeWorkbook } from "./damaged-workbook.js";

/** What is told of a part, by the local names of its elements: prefixes differ from program to program. */
export interface XmlListener {
  open(name: string, attributes: XmlAttributes): void;
  close(name: string): void;
  text(text: string): void;
}

export type XmlAttributes = Readonly<Record<string, string>>;

/** Deeper than any part of a workbook is nested. */
const maxDepth = 256;
/** More than any element of a workbook has. */
const maxAttributes = 256;
/** Bytes that one thing, a row or a text, may have. */
const maxItemBytes = 67_108_864;

export interface XmlPartOptions {
  /** The workbook and the part, for messages. */
  readonly name: string;
  readonly part: string;
  readonly listener: XmlListener;
}

/** Goes through a part of a workbook as it comes. It may declare nothing: no entity of its own is known, nothing else is loaded. */
export class XmlPart {
  readonly #options: XmlPartOptions;
  readonly #parser = new SaxesParser();
  #decoder: TextDecoder | undefined;
  #depth = 0;
  #attributes = 0;
  #itemBytes = 0;

  constructor(options: XmlPartOptions) {
    this.#options = options;
    const { listener } = options;
    const parser = this.#parser;
    parser.on("doctype", () => {
      throw this.#damaged("declares a document type (DOCTYPE), which no workbook does");
    });
    parser.on("attribute", () => {
      this.#attributes += 1;
      if (this.#attributes > maxAttributes) throw this.#damaged("has an element with too many attributes");
    });
    parser.on("opentag", ({ name, attributes }) => {
      this.#attributes = 0;
      this.#depth += 1;
      if (this.#depth > maxDepth) throw this.#damaged("is nested too deeply");
      listener.open(toLocal(name), attributes);
    });
    parser.on("closetag", ({ name }) => {
      this.#depth -= 1;
      listener.close(toLocal(name));
      // A row, or a shared text, is over.
      if (this.#depth <= 2) this.#itemBytes = 0;
    });
    parser.on("text", (text) => listener.text(text));
    parser.on("cdata", (text) => listener.text(text));
  }

  push(chunk: Buffer): void {
    this.#decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true });
    this.#itemBytes += chunk.length;
    const { name, part } = this.#options;
    this.#orDamaged(() => this.#parser.write(this.#decoder?.decode(chunk, { stream: true }) ?? ""));
    if (this.#itemBytes > maxItemBytes) {
      throw tooLargeWorkbook(name, `something in ${part} is too large, more than 64 MiB in one piece`);
    }
  }

  end(): void {
    this.#orDamaged(() => this.#parser.write(this.#decoder?.decode() ?? "").close());
  }

  #orDamaged(work: () => void): void {
    try {
      work();
    } catch (cause) {
      throw cause instanceof OpenbatchError ? cause : this.#damaged("is no well-formed XML", cause);
    }
  }

  #damaged(what: string, cause?: unknown): OpenbatchError {
    const { name, part } = this.#options;
    return damagedWorkbook(name, `the XML of ${part} ${what}`, cause);
  }
}

/** An attribute by its local name; of those with a prefix only where it is asked for: `r:id` is another than `id`. */
export function attributeOf(attributes: XmlAttributes, local: string): string | undefined {
  const plain = attributes[local];
  if (plain !== undefined) return plain;
  const name = Object.keys(attributes).find((key) => key.endsWith(`:${local}`));
  return name === undefined ? undefined : attributes[name];
}

/** A flag as XML writes it. */
export function isOn(value: string | undefined): boolean {
  return value === "1" || value === "true" || value === "on";
}

function toLocal(name: string): string {
  const colon = name.indexOf(":");
  return colon === -1 ? name : name.slice(colon + 1);
}

function encodingOf(head: Buffer): string {
  const [first, second] = head;
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return "utf-16le";
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return "utf-16be";
  return "utf-8";
}
