import type { LineBytes } from "../../batch-file/index.js";
import { OpenbatchError } from "../../errors/index.js";
import type { OpenFile } from "../../files/index.js";
import type { MaybePromise } from "../../format/index.js";
import type { AnswerFormats } from "../answer/answer-formats.js";
import type { Asked } from "../answer/asked.js";
import { createResult, type ReadLine, readLine } from "../answer/line-result.js";
import type { Result } from "../answer/result.js";
import { ResultLineReader } from "../answer/result-line-reader.js";
import { Missing, type Origin } from "../answer/unsuccessful-result.js";
import { countUntaken, nothingUntaken, type Untaken } from "../answer/untaken.js";
import type { EntryLines } from "./entry-lines.js";
import type { LinePlace } from "./line-places.js";
import type { Inputs } from "./open-inputs.js";

/** The result of each entry, made from its lines when it is asked for. */
export class EntryResults {
  readonly #lines: EntryLines;
  readonly #inputs: Inputs;
  readonly #formats: AnswerFormats;
  readonly #answers = new ResultLineReader();

  constructor(lines: EntryLines, inputs: Inputs, formats: AnswerFormats) {
    this.#lines = lines;
    this.#inputs = inputs;
    this.#formats = formats;
  }

  /** A promise where its answer is checked by a library's own validator. */
  read(entry: number): MaybePromise<Result> {
    const asked = this.#lines.askedOf(entry);
    const requestLine = this.#lines.requestLineOf(entry);
    const place = this.#lines.ledger.resultPlaceOf(entry);
    if (place !== undefined) return this.#readResult(entry, place, { asked, requestLine });
    const custom_id = this.#lines.readRequestId(entry);
    if (custom_id === undefined) throw toChangedError(this.#inputs.requests);
    return new Missing({ custom_id, url: asked.url, requestLine });
  }

  /** Whether the answer in a line is what the request of an entry asked for. */
  isUsable(entry: number, readExtent: () => LineBytes): MaybePromise<boolean> {
    const asked = this.#lines.askedOf(entry);
    const origin = { ...nowhere, url: asked.url };
    const result = this.#create(this.#answers.read(readExtent()), entry, asked, origin);
    return result instanceof Promise ? result.then(isUsable) : isUsable(result);
  }

  #readResult(
    entry: number,
    { offset, length, line }: LinePlace,
    { asked, requestLine }: RequestParts,
  ): MaybePromise<Result> {
    const { resultLines } = this.#lines;
    const found = resultLines.read(offset, length);
    const read = this.#answers.read(found);
    const custom_id = idOf(read) ?? this.#lines.readId(found);
    const file = this.#inputs.results[resultLines.fileAt(offset)];
    if (custom_id === undefined || file === undefined) throw toChangedError(file);
    const untaken = this.#countUntaken(entry, read);
    // Member by member: of each object that is made by spreading another, 250 bytes outlive the next collections of garbage.
    const origin = { custom_id, url: asked.url, requestLine, file: file.name, line, untaken };
    return this.#create(read, entry, asked, origin);
  }

  #countUntaken(entry: number, taken: ReadLine): Untaken {
    const places = this.#lines.ledger.untakenOf(entry);
    return places.length === 0 ? nothingUntaken : countUntaken(contentOf(taken), this.#readContents(places));
  }

  *#readContents(places: readonly LinePlace[]): Iterable<Readonly<Record<string, unknown>>> {
    for (const { offset, length } of places) {
      const { buffer, start, end } = this.#lines.resultLines.read(offset, length);
      yield contentOf(readLine(buffer, start, end));
    }
  }

  #create(line: ReadLine, entry: number, asked: Asked, origin: Origin): MaybePromise<Result> {
    const readRequest = () => this.#lines.readRequest(entry);
    const expected = { format: this.#formats.formatOf(asked), items: asked.items, readRequest };
    return createResult(line, origin, expected);
  }
}

/** What a result takes from its request. */
interface RequestParts {
  readonly asked: Asked;
  readonly requestLine: number | undefined;
}

/** A result that is only looked at. */
const nowhere = { custom_id: "", requestLine: undefined, file: "", line: 0, untaken: nothingUntaken };

function isUsable(result: Result): boolean {
  return result.status === "succeeded" && result.problem === undefined;
}

/** What stands in a line; of one that cannot be read, what is wrong with it. */
function contentOf(line: ReadLine): Readonly<Record<string, unknown>> {
  return line.kind === "outcome" ? line.json.value : { problem: line.problem };
}

function idOf(line: ReadLine): string | undefined {
  return line.kind === "outcome" ? line.custom_id : undefined;
}

function toChangedError(file: OpenFile | undefined): OpenbatchError {
  return new OpenbatchError("unreadable_input", `${file?.name} was changed while it was read.`, {
    hint: "Read it again when nothing writes to it any more; lines may be appended meanwhile.",
  });
}
