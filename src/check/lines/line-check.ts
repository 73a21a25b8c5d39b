import { isUtf8 } from "node:buffer";
import { describeName, hasFreeTexts, type InspectionOptions, isFreeText, isObject } from "../../api/index.js";
import {
  isBlankText,
  type LineBytes,
  LineRun,
  LineShapes,
  parseLine,
  readLineId,
  toLineId,
  withoutMark,
} from "../../batch-file/index.js";
import { type Code, formatCount, hintOf, type Problem, type Severity } from "../../errors/index.js";
import { lineFeed, type RawLine } from "../../jsonl/index.js";
import type { FileSummary } from "../report/file-summary.js";
import { profileOf } from "../report/profile-of.js";
import type { ValidationTarget } from "../report/report-fields.js";
import { badBytesProblem, findJsonProblem, toNoObjectProblem } from "./find-json-problem.js";
import { type Counted, RequestInspector } from "./request-inspector.js";
import { ServiceCheck, toInspectionOptions } from "./service-check.js";

/** Takes the ids of requests, and where their lines start. */
export interface IdSink {
  readonly add: (id: string, line: number, offset: number) => void;
}

export interface LineCheckOptions extends Pick<InspectionOptions, "allowUnknownParameters"> {
  /** "upload" by default. */
  readonly target?: ValidationTarget;
  /** Codes that are not to be reported. */
  readonly ignore: readonly Code[];
  /** Whether lines of a shape that was found clean are only counted: faster, and the same. True by default. */
  readonly usesShapes?: boolean;
}

/** A line with its bytes; of one that is too long, its beginning. */
type CheckedLine = Pick<RawLine, "bytes" | "length" | "terminated" | "tooLong">;

const carriageReturn = 0x0d;

/** Where a line starts in its buffer, and in its file. */
interface LinePlace {
  readonly start: number;
  readonly offset: number;
}

type Request = Readonly<Record<string, unknown>>;

/**
 * Looks at one line after the other, and adds what it finds to a summary. One check serves for many stretches of a file: to
 * make a new one for each would make the compiler of Node begin anew.
 */
export class LineCheck {
  #summary: FileSummary;
  readonly #ids: IdSink;
  readonly #ignored: ReadonlySet<Code>;
  readonly #service: ServiceCheck;
  readonly #requests: RequestInspector;
  #line = 0;
  #bytes = 0;
  #custom_id: string | undefined;
  #hasBadBytes = false;
  /** What was counted of the line, if it is a request and nothing was found in it. */
  #clean: Counted | undefined;
  #hasFinding = false;
  readonly #shapes: LineShapes<Counted> | undefined;
  readonly #run = new LineRun();

  constructor(summary: FileSummary, ids: IdSink, options: LineCheckOptions) {
    this.#summary = summary;
    this.#ids = ids;
    const { target = "upload", ignore, usesShapes = true, ...naming } = options;
    this.#shapes = usesShapes ? new LineShapes({ isText: isFreeText }) : undefined;
    this.#ignored = new Set(ignore);
    this.#service = new ServiceCheck(profileOf(target));
    this.#requests = new RequestInspector(this.#service, { ...naming, ...toInspectionOptions(target) });
  }

  /** Adds to another summary from now on. */
  goOnWith(summary: FileSummary): void {
    this.#summary = summary;
  }

  /** Whether {@link checkLines} is worth it. */
  get usesShapes(): boolean {
    return this.#shapes?.pays === true;
  }

  /**
   * Checks lines, each with its line feed. Where one has the shape of one in which nothing was found, it need not be parsed: no rule looks
   * into what may stand otherwise there, but into the id and the length, and these are looked at.
   * @param offset where the first starts in its file.
   */
  checkLines(lines: LineBytes, offset: number): void {
    const { buffer, start, end, edition } = lines;
    for (let at = start; at < end; ) {
      const shaped = this.#shapes?.findRun({ buffer, start: at, end, edition }, this.#run);
      if (shaped !== undefined) {
        at = this.#checkRun(buffer, shaped.known, { start: at, offset: offset + at - start });
      } else {
        const lineEnd = buffer.indexOf(lineFeed, at);
        this.#checkUnknown(buffer.subarray(at, lineEnd), offset + at - start);
        at = lineEnd + 1;
      }
    }
  }

  /** Gives where the line behind the run starts. */
  #checkRun(buffer: Buffer, known: Counted, { start, offset }: LinePlace): number {
    const run = this.#run;
    let at = start;
    for (; run.next(); at = run.endOf() + 1) {
      const custom_id = run.readId(buffer);
      if (this.#requests.takes(custom_id, run.endOf() - at)) {
        this.#begin(run.endOf() - at, true);
        this.#countShaped(custom_id, known, offset + at - start);
      } else this.#checkUnknown(buffer.subarray(at, run.endOf()), offset + at - start);
    }
    return at;
  }

  #checkUnknown(bytes: Buffer, offset: number): void {
    this.check({ bytes, length: bytes.length, terminated: true, tooLong: false }, offset);
    if (this.#clean !== undefined) this.#shapes?.keep(bytes, this.#clean);
  }

  /** Checks a line as the scanner gives it. The offset is where it starts in its file. */
  check(raw: CheckedLine, offset: number): void {
    this.#begin(raw.length, raw.terminated);
    if (raw.tooLong) return this.#checkLongLine(raw);
    this.#hasBadBytes = !isUtf8(raw.bytes);
    this.#checkText(raw.bytes.toString(), raw.terminated, offset);
  }

  /** Checks a line that is decoded already and has its line feed, but is given without it. */
  checkDecoded(text: string, bytes: number, offset: number): void {
    this.#begin(bytes, true);
    this.#checkText(text, true, offset);
  }

  #begin(length: number, terminated: boolean): void {
    this.#line = this.#summary.addLine(length, terminated);
    this.#bytes = length;
    this.#custom_id = undefined;
    this.#hasBadBytes = false;
    this.#hasFinding = false;
    this.#clean = undefined;
  }

  #countShaped(custom_id: string, known: Counted, offset: number): void {
    this.#summary.totals.requests += 1;
    this.#custom_id = custom_id;
    this.#ids.add(custom_id, this.#line, offset);
    this.#addCounted(known);
  }

  #checkLongLine({ length }: CheckedLine): void {
    this.#summary.totals.requests += 1;
    const found = `${formatCount(length)} bytes in one line`;
    this.#report("error", "line_too_long", `${found}; it was not read further.`);
  }

  #checkText(found: string, terminated: boolean, offset: number): void {
    if (found.charCodeAt(found.length - 1) === carriageReturn) this.#reportCarriageReturn();
    const text = withoutMark(found);
    if (text !== found) this.#reportMark(offset);
    if (isBlankText(text)) return this.#checkBlankLine();
    this.#summary.totals.requests += 1;
    const value = this.#parse(text, terminated, offset);
    if (isObject(value)) this.#checkRequest(value, offset);
    else if (value !== undefined) this.#add(toNoObjectProblem(value, { text, offset }));
  }

  #reportCarriageReturn(): void {
    this.#report("note", "crlf_line_ends", "The line ends with CR LF.");
  }

  #reportMark(offset: number): void {
    const where = offset === 0 ? "The file" : "A line inside the file";
    this.#report("error", "byte_order_mark", `${where} starts with a byte order mark.`);
  }

  #checkBlankLine(): void {
    this.#summary.totals.blankLines += 1;
    this.#report(this.#service.refusesBlankLines ? "error" : "warning", "blank_line", "The line is blank.");
  }

  /** Reports what is not JSON, and gives `undefined` for it. */
  #parse(text: string, terminated: boolean, offset: number): unknown {
    const { value, repeatedKey } = parseLine(text);
    if (value === undefined) {
      this.#custom_id = readLineId(Buffer.from(text));
      this.#add(findJsonProblem({ text, offset, terminated, hasBadBytes: this.#hasBadBytes }));
      return undefined;
    }
    if (!terminated) this.#report("note", "no_final_line_end", "The last line has no line end.");
    if (isObject(value)) {
      this.#custom_id =
        repeatedKey === undefined
          ? toLineId(value.custom_id, !this.#hasBadBytes)
          : readLineId(Buffer.from(text));
    }
    if (this.#hasBadBytes) this.#add(badBytesProblem());
    if (repeatedKey !== undefined) {
      this.#report("error", "repeated_key", `The line has the key ${describeName(repeatedKey)} twice.`);
    }
    return value;
  }

  #checkRequest(request: Request, offset: number): void {
    if (this.#custom_id !== undefined) this.#ids.add(this.#custom_id, this.#line, offset);
    const { problems, counted } = this.#requests.inspect(request, this.#bytes);
    for (const problem of problems) this.#add(problem);
    if (counted === undefined) return;
    this.#addCounted(counted);
    const { body } = request;
    if (!this.#hasFinding && isObject(body) && hasFreeTexts(body)) this.#clean = counted;
  }

  #addCounted({ url, model, embeddingInputs, format }: Counted): void {
    const place = { line: this.#line, custom_id: this.#custom_id };
    if (url !== undefined) this.#summary.endpoints.add(url, place);
    if (model !== undefined) this.#summary.models.add(model, place);
    this.#summary.totals.embeddingInputs += embeddingInputs;
    if (format !== undefined) this.#summary.formats.add(format, place);
  }

  #report(severity: Severity, code: Code, message: string, hint = hintOf(code)): void {
    this.#add({ severity, code, path: "", message, hint });
  }

  #add(problem: Problem): void {
    this.#hasFinding = true;
    if (this.#ignored.has(problem.code)) return;
    this.#summary.findings.add(problem, { line: this.#line, custom_id: this.#custom_id });
  }
}
