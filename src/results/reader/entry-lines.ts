import { type LineBytes, LineWindows } from "../../batch-file/index.js";
import type { Asked } from "../answer/asked.js";
import { Ledger } from "./ledger.js";
import type { Inputs } from "./open-inputs.js";
import { RequestLineReader } from "./request-line-reader.js";
import { ResultIdReader } from "./result-id-reader.js";

/** The lines of each entry, its request and its result: the ledger has where they stand, and here they are read again. */
export class EntryLines {
  readonly ledger: Ledger;
  readonly requestReader = new RequestLineReader();
  readonly resultLines: LineWindows;
  readonly #requestLines: LineWindows;
  readonly #resultIds = new ResultIdReader();
  readonly #hasRequests: boolean;

  constructor({ requests, results }: Inputs) {
    this.#hasRequests = requests !== undefined;
    this.#requestLines = new LineWindows(requests === undefined ? [] : [requests]);
    this.resultLines = new LineWindows(results);
    this.ledger = new Ledger((entry, custom_id) => this.#hasId(entry, custom_id));
  }

  /** The line with the result of an entry, as it stands there. */
  readResult(entry: number): string | undefined {
    const place = this.ledger.resultPlaceOf(entry);
    return place && toText(this.resultLines.read(place.offset, place.length));
  }

  /** The line of the batch file behind an entry, as it stands there. */
  readRequest(entry: number): string | undefined {
    return this.#hasRequests ? toText(this.#readKeyLine(entry)) : undefined;
  }

  /** Where the line of the batch file is. */
  requestLineOf(entry: number): number | undefined {
    return this.#hasRequests ? this.ledger.keyPlaceOf(entry).line : undefined;
  }

  askedOf(entry: number): Asked {
    return this.ledger.askedOf(entry) ?? this.#readAsked(entry);
  }

  /** The id in the line of the batch file; `undefined` where it is not there any more. */
  readRequestId(entry: number): string | undefined {
    const { buffer, start, end } = this.#readKeyLine(entry);
    return this.requestReader.readId(buffer, start, end);
  }

  /** The id in a line of any kind, which may be broken. */
  readId(line: LineBytes): string | undefined {
    return this.#resultIds.read(line)?.text;
  }

  #hasId(entry: number, custom_id: string): boolean {
    const line = this.#readKeyLine(entry);
    return this.#hasRequests
      ? this.requestReader.hasId(custom_id, line)
      : this.#resultIds.has(custom_id, line);
  }

  #readAsked(entry: number): Asked {
    // Without looking: requests that ask for the same as none before are few.
    this.requestReader.read(this.#readKeyLine(entry), true);
    return this.requestReader.asked;
  }

  /** The line that an entry is known by. */
  #readKeyLine(entry: number): LineWindows {
    const lines = this.#hasRequests ? this.#requestLines : this.resultLines;
    const { offset, length } = this.ledger.keyPlaceOf(entry);
    return lines.read(offset, length);
  }
}

function toText({ buffer, start, end }: LineBytes): string {
  return buffer.toString("utf8", start, end);
}
