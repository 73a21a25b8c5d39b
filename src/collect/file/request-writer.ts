import {
  type Endpoint,
  freeUnitsAt,
  hasFreeTexts,
  Inspection,
  type InspectionOptions,
  inspectBody,
  inspectCustomId,
  isObject,
  isPortableId,
  type RequestTarget,
  toJsonValue,
} from "../../api/index.js";
import { OpenbatchError, type Problem, RequestError } from "../../errors/index.js";
import { toPath } from "../../files/index.js";
import { FitSearch, type Format, type FoundFormat, findFormat, reportUnfit } from "../../format/index.js";
import { hashKey, type KeyPlace, type ShapedValue, ValueShapes } from "../../jsonl/index.js";
import { assertCollectorOptions } from "./assert-collector-options.js";
import { CollectedFile } from "./collected-file.js";
import type { CollectorOptions } from "./collector-options.js";
import { duplicateError, isSameLine } from "./duplicate-request.js";
import { withoutConsequences } from "./first-problems.js";
import { RenderedLines, type RenderedRequest, toRenderedText } from "./rendered-request.js";
import { RequestWarnings } from "./request-warnings.js";
import {
  type BulkCounts,
  type BulkOptions,
  type Rows,
  type WriteOutcome,
  writeEachRow,
} from "./write-each-row.js";

/** A request before it is checked. */
export interface UncheckedRequest {
  readonly custom_id: unknown;
  readonly url: Endpoint;
  readonly body: Readonly<Record<string, unknown>>;
  /** The format that the body asks for, where it was made from a schema. */
  readonly format?: Format | undefined;
}

interface Tuning {
  /** Whether lines of a known shape are written without another check. True by default. */
  readonly usesShapes?: boolean;
}

type RequestWriterOptions = CollectorOptions & Tuning;

const noProblems: readonly Problem[] = [];

interface Line {
  readonly custom_id: unknown;
  readonly method: string;
  readonly url: Endpoint;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Checks requests and appends them to one batch file. Everything that writes requests writes through it. */
export class RequestWriter {
  readonly path: string;
  readonly #file: CollectedFile;
  readonly #options: CollectorOptions;
  readonly #warnings: RequestWarnings;
  readonly #inspectionOptions: InspectionOptions;
  #inspection: Inspection | undefined;
  readonly #fits = new FitSearch();
  readonly #shapes: ValueShapes | undefined;
  readonly #rendered: RenderedLines;
  #isClosed = false;
  readonly #buffered: boolean;
  readonly #ensureAscii: boolean;

  private constructor(
    path: string,
    file: CollectedFile,
    { usesShapes = true, ...options }: RequestWriterOptions,
  ) {
    this.path = path;
    this.#file = file;
    this.#options = options;
    this.#warnings = new RequestWarnings(options.onWarning);
    this.#buffered = options.buffered ?? false;
    this.#ensureAscii = options.ensureAscii ?? false;
    this.#rendered = new RenderedLines({ ensureAscii: this.#ensureAscii });
    this.#shapes = usesShapes ? new ValueShapes(holeUnitsAt, { ensureAscii: this.#ensureAscii }) : undefined;
    this.#inspectionOptions = {
      allowUnknownParameters: options.allowUnknownParameters ?? false,
      closedNames: true,
      target: options.target ?? "upload",
    };
  }

  /** @param tuning is for tests. */
  static open(path: string | URL, options: CollectorOptions = {}, tuning: Tuning = {}): RequestWriter {
    assertCollectorOptions(options);
    const name = toPath(path);
    const file = CollectedFile.open(name, options.mode ?? "append");
    return new RequestWriter(name, file, { ...options, ...tuning });
  }

  /** The same, without blocking while a large file is read. */
  static async openAsync(path: string | URL, options: CollectorOptions = {}): Promise<RequestWriter> {
    assertCollectorOptions(options);
    const name = toPath(path);
    return new RequestWriter(name, await CollectedFile.openAsync(name, options.mode ?? "append"), options);
  }

  /** Where the requests are to go. */
  get target(): RequestTarget {
    return this.#options.target ?? "upload";
  }

  get count(): number {
    return this.#file.count;
  }

  has(custom_id: string): boolean {
    this.#assertOpen();
    return this.#file.find(custom_id) !== undefined;
  }

  /** Appends one line; or throws with everything that is wrong with the request, and has written nothing. */
  write(request: UncheckedRequest): WriteOutcome {
    return this.#write(request, this.#buffered);
  }

  /** Appends a line whose body was checked before. */
  writeRendered(request: RenderedRequest): WriteOutcome {
    this.#assertOpen();
    const { custom_id, url } = request;
    if (!isPortableId(custom_id)) this.#accept(request, this.#inspectShaped(custom_id, undefined));
    const options = { hash: hashKey(custom_id), buffered: this.#buffered, ensureAscii: this.#ensureAscii };
    const first = this.#file.find(custom_id, options.hash);
    if (first !== undefined)
      return this.#skip(JSON.parse(toRenderedText(request)), { custom_id, url }, first);
    if (!this.#file.appendShaped(this.#rendered.toLine(request), options))
      this.#file.appendText(toRenderedText(request), options);
    return "written";
  }

  /** Writes a request for each row; the lines are held back as `buffered` does, until all are taken or one fails. */
  async writeMany<Row>(
    rows: Rows<Row>,
    toRequest: (row: Row, index: number) => UncheckedRequest,
    options?: BulkOptions,
  ): Promise<BulkCounts> {
    try {
      return await writeEachRow(rows, (row, index) => this.#write(toRequest(row, index), true), options);
    } finally {
      this.#file.flush();
    }
  }

  flush(): void {
    this.#assertOpen();
    this.#file.flush();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#file.release();
  }

  #write(request: UncheckedRequest, buffered: boolean): WriteOutcome {
    this.#assertOpen();
    const { custom_id, url, body } = request;
    const line = { custom_id, method: "POST", url, body: withoutStreamFalse(body) };
    const shaped = this.#shapes?.find(line);
    if (shaped !== undefined) return this.#writeShaped(shaped, line, { request, buffered });
    return this.#writeChecked(line, request, buffered);
  }

  /**
   * Writes a line of the shape of one that was taken without a word. Only texts into which no rule looks, or for their length
   * alone, stand otherwise in it, and its id: what no rule of `api/` says is asked as ever.
   */
  #writeShaped(
    shaped: ShapedValue,
    line: Line,
    { request: { custom_id, url, format }, buffered }: { request: UncheckedRequest; buffered: boolean },
  ): WriteOutcome {
    const asked = format === undefined ? findFormat(line.body) : undefined;
    const isClean = asked === undefined && isPortableId(custom_id);
    const problems = isClean ? noProblems : this.#inspectShaped(custom_id, asked);
    const id = this.#accept({ custom_id, url }, problems);
    const options = { hash: hashKey(id), buffered, ensureAscii: this.#ensureAscii };
    const first = this.#file.find(id, options.hash);
    if (first !== undefined) return this.#skip(line, { custom_id: id, url }, first);
    if (!this.#file.appendShaped(shaped, options)) this.#file.appendText(JSON.stringify(line), options);
    if (format !== undefined) this.#warnings.sayOfSchema(format, { custom_id: id, url }, problems);
    return "written";
  }

  #writeChecked(line: Line, { custom_id, url, format }: UncheckedRequest, buffered: boolean): WriteOutcome {
    const isPlain = this.#file.draftUnchecked(line, this.#options);
    const at = this.#takeInspection();
    inspectId(custom_id, at);
    const ofId = at.problems.length;
    at.enter("body");
    const json = isPlain ? line.body : toJsonValue(line.body, at);
    const unwritable = at.problems.length;
    inspectBody(url, json, at);
    at.leave();
    const asked = isObject(json) ? findFormat(json) : undefined;
    // One that was made of a schema was looked at when it was made.
    if (asked !== undefined && format === undefined) this.#inspectFit(asked, at);
    this.#inspection = at;
    const isClean = at.problems.length === ofId;
    const problems = withoutConsequences(at.problems, unwritable);
    const id = this.#accept({ custom_id, url }, problems);
    const options = { hash: hashKey(id), buffered, ensureAscii: this.#ensureAscii };
    const first = this.#file.find(id, options.hash);
    if (first !== undefined) return this.#skip({ ...line, body: json }, { custom_id: id, url }, first);
    if (asked !== undefined) this.#file.formatNames.assertFree(asked);
    this.#file.append(isPlain ? line : { ...line, body: json }, options);
    if (asked !== undefined) this.#file.formatNames.claim(asked);
    if (format !== undefined) this.#warnings.sayOfSchema(format, { custom_id: id, url }, problems);
    if (isPlain && isClean && hasFreeTexts(line.body)) this.#shapes?.keep(line);
    return "written";
  }

  /** Asks of a line of a known shape what is not known of it. */
  #inspectShaped(custom_id: unknown, asked: FoundFormat | undefined): readonly Problem[] {
    const at = this.#takeInspection();
    inspectId(custom_id, at);
    if (asked !== undefined) this.#inspectFit(asked, at);
    this.#inspection = at;
    return at.problems;
  }

  #inspectFit(asked: FoundFormat, at: Inspection): void {
    at.enter("body");
    reportUnfit(asked, this.#fits.problemsOf(asked), at);
    at.leave();
  }

  /** One inspection serves all requests, but not two at a time: a `toJSON` may write a request of its own. */
  #takeInspection(): Inspection {
    const at = this.#inspection ?? new Inspection(this.#inspectionOptions);
    this.#inspection = undefined;
    at.reset();
    return at;
  }

  #assertOpen(): void {
    if (this.#isClosed)
      throw new OpenbatchError("collector_closed", `The collector of ${this.path} is closed.`);
  }

  /** Gives warnings out and returns the id; throws where there is an error. */
  #accept(request: { custom_id: unknown; url: Endpoint }, problems: readonly Problem[]): string {
    const { custom_id } = request;
    if (problems.length === 0 && typeof custom_id === "string") return custom_id;
    const errors = problems.filter(({ severity }) => severity === "error");
    if (errors.length > 0 || typeof custom_id !== "string") throw new RequestError(request, errors);
    // Notes are left to the check: a collector says what may go wrong.
    const warnings = problems.filter(({ severity }) => severity === "warning");
    for (const warning of warnings) this.#warnings.say({ ...warning, custom_id });
    return custom_id;
  }

  /** Passes over a line that is there already, where that is asked for. */
  #skip(
    line: object,
    { custom_id, url }: { custom_id: string; url: Endpoint },
    first: KeyPlace,
  ): WriteOutcome {
    const skips = this.#options.onDuplicate === "skip";
    if (skips && isSameLine(line, this.#file.readLine(first))) return "skipped";
    throw duplicateError({ custom_id, url, path: this.path, line: first.line, isOther: skips });
  }
}

/** How long a text may be that stands in place of another in a line of the same shape. */
function holeUnitsAt(path: readonly (string | null)[]): number {
  return path.length === 1 && path[0] === "custom_id" ? Infinity : freeUnitsAt(path);
}

function inspectId(custom_id: unknown, at: Inspection): void {
  at.enter("custom_id");
  inspectCustomId(custom_id, at);
  at.leave();
}

function withoutStreamFalse(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (!("stream" in body) || (body.stream !== false && body.stream !== null)) return body;
  const { stream: _, ...rest } = body;
  return rest;
}
