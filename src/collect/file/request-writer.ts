import { isDeepStrictEqual } from "node:util";
import {
  type Endpoint,
  hasFreeTexts,
  Inspection,
  type InspectionOptions,
  inspectBody,
  inspectCustomId,
  isFreeText,
  isObject,
  type RequestTarget,
  toJsonValue,
} from "../../api/index.js";
import { OpenbatchError, type Problem, RequestError } from "../../errors/index.js";
import { toPath } from "../../files/index.js";
import { FitSearch, type Format, type FoundFormat, findFormat, reportUnfit } from "../../format/index.js";
import { escapeLine, hashKey, type KeyPlace, type ShapedValue, ValueShapes } from "../../jsonl/index.js";
import { assertCollectorOptions } from "./assert-collector-options.js";
import { CollectedFile } from "./collected-file.js";
import type { CollectorOptions } from "./collector-options.js";
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

/** A request whose body was checked before, but for texts that every rule takes. */
export interface RenderedRequest {
  readonly custom_id: unknown;
  readonly url: Endpoint;
  /** The JSON of the body before, between and behind the texts; the same list for all requests of a template. */
  readonly pieces: readonly string[];
  /** Whole characters, which stand inside of strings. */
  readonly texts: readonly string[];
}

interface Tuning {
  /** Whether lines of a known shape are written without another check. True by default. */
  readonly usesShapes?: boolean;
}

type RequestWriterOptions = CollectorOptions & Tuning;

interface Line {
  readonly custom_id: unknown;
  readonly method: string;
  readonly url: Endpoint;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Duplicate {
  readonly custom_id: string;
  readonly url: Endpoint;
  readonly first: KeyPlace;
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
  /** Of the template whose requests were written last. */
  #rendered: (Pick<RenderedRequest, "url" | "pieces"> & Pick<ShapedValue, "stretches">) | undefined;
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
    this.#shapes = usesShapes ? new ValueShapes(isHole, { ensureAscii: this.#ensureAscii }) : undefined;
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
    const { custom_id, url, texts } = request;
    const at = this.#takeInspection();
    inspectId(custom_id, at);
    this.#inspection = at;
    const id = this.#accept({ custom_id, url }, at.problems);
    const options = { hash: hashKey(id), buffered: this.#buffered, ensureAscii: this.#ensureAscii };
    const first = this.#file.find(id, options.hash);
    if (first !== undefined)
      return this.#skip(JSON.parse(toLineText(request, id)), { custom_id: id, url, first });
    const shaped = { stretches: this.#toStretches(request), texts: [id, ...texts] };
    if (!this.#file.appendShaped(shaped, options)) this.#file.appendText(toLineText(request, id), options);
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

  /** What the lines of a template have in common, as bytes. */
  #toStretches(request: RenderedRequest): readonly Buffer[] {
    const { url, pieces } = request;
    if (this.#rendered?.pieces !== pieces || this.#rendered.url !== url) {
      const stretches = toLinePieces(request).map((piece) =>
        Buffer.from(escapeLine(piece, { ensureAscii: this.#ensureAscii })),
      );
      this.#rendered = { url, pieces, stretches };
    }
    return this.#rendered.stretches;
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
   * Writes a line of the shape of one that was taken without a word. Only texts into which no rule looks stand otherwise in it, and
   * its id: what no rule of `api/` says is asked as ever.
   */
  #writeShaped(
    shaped: ShapedValue,
    line: Line,
    { request: { custom_id, url, format }, buffered }: { request: UncheckedRequest; buffered: boolean },
  ): WriteOutcome {
    const at = this.#takeInspection();
    inspectId(custom_id, at);
    const asked = format === undefined ? findFormat(line.body) : undefined;
    if (asked !== undefined) this.#inspectFit(asked, at);
    this.#inspection = at;
    const { problems } = at;
    const id = this.#accept({ custom_id, url }, problems);
    const options = { hash: hashKey(id), buffered, ensureAscii: this.#ensureAscii };
    const first = this.#file.find(id, options.hash);
    if (first !== undefined) return this.#skip(line, { custom_id: id, url, first });
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
    if (first !== undefined) return this.#skip({ ...line, body: json }, { custom_id: id, url, first });
    if (asked !== undefined) this.#file.formatNames.assertFree(asked);
    this.#file.append(isPlain ? line : { ...line, body: json }, options);
    if (asked !== undefined) this.#file.formatNames.claim(asked);
    if (format !== undefined) this.#warnings.sayOfSchema(format, { custom_id: id, url }, problems);
    if (isPlain && isClean && hasFreeTexts(line.body)) this.#shapes?.keep(line);
    return "written";
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

  #skip(line: object, { custom_id, url, first }: Duplicate): WriteOutcome {
    const skips = this.#options.onDuplicate === "skip";
    if (skips && isSameLine(line, this.#file.readLine(first))) return "skipped";
    const same = skips ? "another request" : "a request";
    throw new RequestError({ custom_id, url }, [
      {
        severity: "error",
        code: "duplicate_custom_id",
        path: "custom_id",
        message: `${same} in line ${first.line} of ${this.path} has this id.`,
        hint: skips
          ? "Give this one another id."
          : 'Give each an id of its own, or go on after a stop with onDuplicate: "skip".',
      },
    ]);
  }
}

/** The line of a rendered request before, between and behind its id and texts. */
function toLinePieces({ url, pieces: [first = "", ...others] }: RenderedRequest): readonly string[] {
  const pieces = [`","method":"POST","url":"${url}","body":${first}`, ...others];
  return ['{"custom_id":"', ...pieces.slice(0, -1), `${pieces.at(-1)}}`];
}

function toLineText(request: RenderedRequest, id: string): string {
  const texts = [id, ...request.texts].map((text) => JSON.stringify(text).slice(1, -1));
  return toLinePieces(request)
    .map((piece, index) => piece + (texts[index] ?? ""))
    .join("");
}

/** The texts that may be others in a line of the same shape. */
function isHole(path: readonly (string | null)[]): boolean {
  return isFreeText(path) || (path.length === 1 && path[0] === "custom_id");
}

function inspectId(custom_id: unknown, at: Inspection): void {
  at.enter("custom_id");
  inspectCustomId(custom_id, at);
  at.leave();
}

/** Leaves out what was found where one of the first problems stands: what cannot be written is absent to the rules. */
function withoutConsequences(problems: readonly Problem[], count: number): readonly Problem[] {
  if (count === 0) return problems;
  const places = problems.slice(0, count).map(({ path }) => path);
  return problems.filter(
    ({ path }, index) =>
      index < count ||
      !places.some((place) => path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`)),
  );
}

function withoutStreamFalse(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (!("stream" in body) || (body.stream !== false && body.stream !== null)) return body;
  const { stream: _, ...rest } = body;
  return rest;
}

function isSameLine(line: object, other: string): boolean {
  const json = JSON.stringify(line);
  if (json === other) return true;
  try {
    return isDeepStrictEqual(JSON.parse(json), JSON.parse(other));
  } catch {
    return false;
  }
}
