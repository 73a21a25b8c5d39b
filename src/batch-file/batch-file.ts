import { createHash } from "node:crypto";
import { OpenbatchError, toFileError } from "../errors/index.js";
import { type FilePlace, type OpenFile, openFile } from "../files/index.js";
import { Column, hashKey, KeyIndex } from "../jsonl/index.js";
import { assertBatchFile } from "./assert-batch-file.js";
import { BatchFileFaults } from "./batch-file-faults.js";
import { FilePace, type ReadingOptions } from "./file-pace.js";
import { IdReader } from "./id-reader.js";
import { LineWalker } from "./line-walker.js";
import { LineWindows } from "./line-windows.js";
import {
  type LineFault,
  maxLineBytes,
  type RequestLine,
  readRequestLine,
  toLongLineFault,
} from "./read-request-line.js";
import type { LineShapes } from "./shapes/line-shapes.js";
import { type KnownRequest, OutlineReader, type RequestOutline } from "./shapes/outline-reader.js";

/** Is shown a request with the number of its line, its length in bytes without a line feed, and where it begins. */
type ShowRequest<Request> = (request: Request, line: number, bytes: number, offset: number) => void;

export interface OpenBatchFileOptions extends ReadingOptions {
  /** Bytes of the file whose hash is wanted too: how long it was when it was last read. */
  readonly prefixBytes?: number | undefined;
  /** False where nobody asks for the hash of the file, which takes a tenth of the time to make. True by default. */
  readonly isHashed?: boolean;
  /** Is shown every request. Then each has to be parsed. */
  readonly onRequest?: ShowRequest<RequestLine> | undefined;
  /** Is shown every request without its texts, where nobody asks for more. */
  readonly onOutline?: ShowRequest<RequestOutline> | undefined;
}

/** How the lines of a file are gone through. */
interface Scan<Request> {
  /** Reads the line where a walk stands. */
  readonly read: (lines: LineWalker<KnownRequest>) => Request | LineFault | undefined;
  readonly show: ShowRequest<Request>;
  readonly shapes?: LineShapes<KnownRequest> | undefined;
}

/**
 * A batch file that was read once from beginning to end: every line of it can be sent, and every `custom_id` is there once.
 * In memory is about 35 bytes for each request. What is appended to the file later is not seen.
 */
export class BatchFile {
  readonly path: string;
  readonly #file: OpenFile;
  readonly #windows: LineWindows;
  #keptIds: KeyIndex | undefined;
  #requests = 0;
  readonly #hashes = new Column(Uint32Array);
  #sha256: string | undefined;
  #isTerminated = true;
  #prefixSha256: string | undefined;

  private constructor(path: string, file: OpenFile) {
    this.path = path;
    this.#file = file;
    this.#windows = new LineWindows([file]);
    const reader = new IdReader(file);
    this.#keptIds = new KeyIndex(({ line, offset }, wanted) =>
      reader.read(offset, (id) => this.isIdOf(line, id), wanted),
    );
  }

  /** @throws OpenbatchError `invalid_batch_file` with every line that cannot be sent, `empty_file`, or why it cannot be read. */
  static async open(path: string, options: OpenBatchFileOptions = {}): Promise<BatchFile> {
    assertBatchFile(path);
    const batchFile = new BatchFile(path, await openFile(path, options));
    try {
      const { onRequest, onOutline } = options;
      const outlines = new OutlineReader();
      if (onRequest !== undefined)
        await batchFile.#scan({ read: ({ bytes }) => readRequestLine(bytes), show: onRequest }, options);
      else
        await batchFile.#scan(
          {
            read: (lines) => outlines.readWalked(lines),
            show: onOutline ?? (() => {}),
            shapes: outlines.shapes,
          },
          options,
        );
      return batchFile;
    } catch (cause) {
      batchFile.close();
      throw toFileError(cause, "read", path);
    }
  }

  /** How many lines the file has, blank ones with them. */
  get lines(): number {
    return this.#hashes.length;
  }

  get requests(): number {
    return this.#requests;
  }

  /** Of a compressed file what it holds. */
  get bytes(): number {
    return this.#file.bytes;
  }

  /** For other threads of this process. Valid until it is closed. */
  get fd(): number {
    return this.#file.fd;
  }

  /** Whether the last line has its line feed. */
  get isTerminated(): boolean {
    return this.#isTerminated;
  }

  get sha256(): string {
    if (this.#sha256 === undefined) throw new TypeError("The file was opened without a hash.");
    return this.#sha256;
  }

  /** The hash of the first `prefixBytes`, if the file has as many. */
  get prefixSha256(): string | undefined {
    return this.#prefixSha256;
  }

  /** The line of a request, counted from 1. */
  find(custom_id: string): number | undefined {
    return this.#ids.find(custom_id)?.line;
  }

  /** For who asks for no request by its id any more: they take most of the memory. */
  forgetIds(): void {
    this.#keptIds = undefined;
  }

  get #ids(): KeyIndex {
    if (this.#keptIds === undefined) throw new TypeError("The ids were forgotten.");
    return this.#keptIds;
  }

  /** A number made of the id of a line, the same in every file; 0 for a blank line. */
  hashOf(line: number): number {
    return this.#hashes.get(line - 1);
  }

  /** Whether a line may have that id: only another id with the same hash is taken for it. */
  isIdOf(line: number, custom_id: string): boolean {
    return this.hashOf(line) === toMark(hashKey(custom_id));
  }

  isBlank(line: number): boolean {
    return this.hashOf(line) === 0;
  }

  /** Goes through the lines from the first. */
  createWalker(): LineWalker {
    return new LineWalker(this.#file);
  }

  /** Fills a buffer with what stands at a place. Gives how many bytes there were. */
  read(bytes: Buffer, place: FilePlace): number {
    return this.#file.read(bytes, 0, place);
  }

  /** What stands in a line of known length. Valid until the next is read. */
  readLine({ offset, length }: FilePlace): Buffer {
    const { buffer, start, end } = this.#windows.read(offset, length);
    return buffer.subarray(start, end);
  }

  close(): void {
    this.#file.close();
  }

  async #scan<Request extends RequestOutline>(
    { read, show, shapes }: Scan<Request>,
    { prefixBytes, isHashed = true, ...reading }: OpenBatchFileOptions,
  ): Promise<void> {
    const faults = new BatchFileFaults(this.path);
    const hashes = new PrefixHash(prefixBytes);
    const lines = new LineWalker(this.#file, {
      maxBytes: maxLineBytes,
      shapes,
      ...(isHashed ? { onRead: (bytes) => hashes.add(bytes) } : {}),
    });
    const pace = new FilePace(this.path, this.#file.bytes, reading);
    while (lines.step()) {
      const request = this.#take(lines, read, faults);
      if (request !== undefined)
        show(request, lines.number, lines.lineEnd - lines.lineStart, lines.lineOffset);
      if (pace.isDue(lines.nextOffset)) await pace.pause(lines.nextOffset);
    }
    this.#isTerminated = lines.isTerminated;
    this.#sha256 = isHashed ? hashes.digest() : undefined;
    this.#prefixSha256 = hashes.prefix;
    faults.throwIfAny(this.requests);
    if (this.requests === 0) throw new OpenbatchError("empty_file", `${this.path} holds no request.`);
  }

  #take<Request extends RequestOutline>(
    lines: LineWalker<KnownRequest>,
    read: Scan<Request>["read"],
    faults: BatchFileFaults,
  ): Request | undefined {
    const line = lines.number;
    const request = lines.isCut
      ? toLongLineFault(lines.bytes, lines.nextOffset - lines.lineOffset - (lines.isTerminated ? 1 : 0))
      : read(lines);
    if (request === undefined || request.kind === "fault") {
      this.#hashes.push(0);
      if (request !== undefined) faults.add(line, request);
      return undefined;
    }
    const { custom_id } = request;
    const hash = hashKey(custom_id);
    this.#hashes.push(toMark(hash));
    const first = this.#ids.find(custom_id, hash);
    if (first === undefined) {
      this.#ids.add(hash, { line, offset: lines.offset });
      this.#requests += 1;
      return request;
    }
    const message = `line ${first.line} has this custom_id already.`;
    faults.add(line, { kind: "fault", code: "duplicate_custom_id", message, custom_id });
    return undefined;
  }
}

/** Leaves 0 for blank lines. */
function toMark(hash: number): number {
  return hash === 0 ? 1 : hash;
}

/** SHA-256 of all bytes, and of the first ones alone. */
class PrefixHash {
  readonly #hash = createHash("sha256");
  readonly #prefixBytes: number;
  #bytes = 0;
  #prefix: string | undefined;

  constructor(prefixBytes = -1) {
    this.#prefixBytes = prefixBytes;
  }

  get prefix(): string | undefined {
    return this.#prefix;
  }

  add(bytes: Buffer): void {
    const rest = this.#prefixBytes - this.#bytes;
    this.#bytes += bytes.length;
    if (rest < 0 || rest > bytes.length) return void this.#hash.update(bytes);
    this.#hash.update(bytes.subarray(0, rest));
    this.#prefix = this.#hash.copy().digest("hex");
    this.#hash.update(bytes.subarray(rest));
  }

  digest(): string {
    return this.#hash.digest("hex");
  }
}
