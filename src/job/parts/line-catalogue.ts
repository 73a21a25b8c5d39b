import type { RequestLine, RequestOutline } from "../../batch-file/index.js";
import { Column } from "../../jsonl/index.js";
import { type Obstacle, type RequestKind, RequestTable, type RequestTableOptions } from "../../plan/index.js";
import type { LineTranslator, Profile } from "../../providers/index.js";

/** What a plan knows of the lines of a batch file, and where each stands: 16 bytes a line. */
export class LineCatalogue {
  readonly table: RequestTable;
  readonly translator: LineTranslator | undefined;
  readonly #offsets = new Column(Float64Array);
  /** Of the batch file, where the service's own lines have others. */
  readonly #bytes: Column | undefined;

  /** @param options what counts tokens too, if it is given, and what says requests in the service's words. */
  constructor(profile: Profile, { counter, translator }: RequestTableOptions) {
    this.table = new RequestTable(profile, {}, { counter, translator });
    this.translator = translator;
    if (translator !== undefined) this.#bytes = new Column(Uint32Array);
  }

  /** Gives why no batch can hold a request, if none can. */
  add(request: RequestLine, extent: LineExtent): Obstacle | undefined {
    this.#place(extent);
    return this.table.add(request, extent.line, extent.bytes + 1);
  }

  /** The same where nothing is translated, and no tokens are counted. */
  addOutline(request: RequestOutline, extent: LineExtent): Obstacle | undefined {
    this.#place(extent);
    return this.table.addOutline(request, extent.line, extent.bytes + 1);
  }

  #place({ line, offset, bytes }: LineExtent): void {
    // Blank lines stand nowhere.
    while (this.#offsets.length < line - 1) this.#offsets.push(offset);
    this.#offsets.push(offset);
    while (this.#bytes !== undefined && this.#bytes.length < line - 1) this.#bytes.push(0);
    this.#bytes?.push(bytes);
  }

  /** `undefined` where a line holds no request. */
  kindOf(line: number): RequestKind | undefined {
    return line > this.table.lines ? undefined : this.table.kindOf(line);
  }

  offsetOf(line: number): number {
    return this.#offsets.get(line - 1);
  }

  /** Without its line feed. */
  bytesOf(line: number): number {
    return this.#bytes?.get(line - 1) ?? this.table.bytesOf(line) - 1;
  }
}

export interface LineExtent {
  readonly line: number;
  readonly offset: number;
  readonly bytes: number;
}
