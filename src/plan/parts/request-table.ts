import { countEmbeddingInputs, type Endpoint, modelOf, recogniseEndpoint } from "../../api/index.js";
import type { RequestLine, RequestOutline } from "../../batch-file/index.js";
import { Column } from "../../jsonl/index.js";
import {
  endpointAt,
  isIdTaken,
  type LineTranslator,
  type Profile,
  type TranslatedRequest,
  toNumberedId,
} from "../../providers/index.js";
import type { RequestCounter } from "../tokens/token-counter.js";
import { findObstacle, type Obstacle, type RequestSize } from "./find-obstacle.js";
import { type OwnLimits, type PartLimits, toPartLimits } from "./part-limits.js";
import { toUnsayableObstacle } from "./to-unsayable-obstacle.js";
import { TranslationWarnings } from "./translation-warnings.js";

/** Requests that are alike in what a batch may have one of. */
export interface RequestKind {
  readonly url: string;
  readonly model: string | undefined;
  /** What the url means, if it is known. */
  readonly endpoint: Endpoint | undefined;
  /** The number of the lane that they are in. */
  readonly lane: number;
}

export interface RequestTableOptions {
  /** Counts tokens too, if it is given. */
  readonly counter?: RequestCounter | undefined;
  /** Says requests in the words of a service that does not take our lines. */
  readonly translator?: LineTranslator | undefined;
}

const none = 0;
/** What is known of a request that was translated. */
const native = 1;
const oddId = 2;
/** Also what is beyond any number of tokens. */
const noLimit = 0xffff_ffff;

/** What a plan knows of each request of a file: a few bytes each, by line. */
export class RequestTable {
  readonly kinds: RequestKind[] = [];
  /** What a part may hold of each lane, which is of requests that may be in one batch. */
  readonly lanes: PartLimits[] = [];
  readonly #profile: Profile;
  readonly #own: OwnLimits;
  readonly #kindNumbers = new Map<string, number>();
  readonly #laneNumbers = new Map<string, number>();
  /** By line, from line 1: the number of its kind and 1, or {@link none}. */
  readonly #kindOfLine = new Column(Uint32Array);
  readonly #bytes = new Column(Uint32Array);
  #embeddingInputs: Column | undefined;
  readonly #counter: RequestCounter | undefined;
  readonly #tokens = new Column(Uint32Array);
  readonly #outputs = new Column(Uint32Array);
  /** The numbers of kinds whose tokens are not all counted exactly. */
  readonly #estimated = new Set<RequestKind>();
  #latest = 0;
  readonly #translator: LineTranslator | undefined;
  readonly #flags = new Column(Uint8Array);
  /** What a translation leaves out or chooses. */
  readonly warnings = new TranslationWarnings();

  constructor(profile: Profile, own: OwnLimits, { counter, translator }: RequestTableOptions = {}) {
    this.#profile = profile;
    this.#own = own;
    this.#counter = counter;
    this.#translator = translator;
  }

  get lines(): number {
    return this.#kindOfLine.length;
  }

  /** Takes the request of a line. Gives why no batch can hold it, if none can: then it is in no part. */
  add(request: RequestLine, line: number, bytes: number): Obstacle | undefined {
    if (this.#translator === undefined) return this.addOutline(request, line, bytes);
    const said = this.#translator.translate(request);
    if (said.kind === "unsayable") return toUnsayableObstacle(said);
    this.warnings.add(line, said.warnings);
    const { custom_id } = request;
    const own = Buffer.byteLength(this.#translator.toServiceLine(custom_id, said));
    // An id may have to give way to the number of its line, which may be longer.
    const longer = Math.max(0, toNumberedId(line).length - Buffer.byteLength(custom_id));
    fill(this.#flags, line - 1);
    this.#flags.push((said.isNative ? native : none) + (this.#isOdd(custom_id) ? oddId : none));
    return this.#add(
      { ...request, url: said.url, body: { ...request.body, model: said.model } },
      { line, bytes: own + 1 + longer, said, asked: request },
    );
  }

  /** The same for who translates nothing, and whose counter looks at no texts. */
  addOutline(request: RequestOutline, line: number, bytes: number): Obstacle | undefined {
    return this.#add(request, { line, bytes });
  }

  #isOdd(id: string): boolean {
    const { ids } = this.#profile.limits;
    return ids !== undefined && !isIdTaken(id, ids.value);
  }

  #add(request: RequestOutline, { line, bytes, said, asked }: PlacedRequest): Obstacle | undefined {
    const endpoint = this.#endpointAt(request.url);
    const embeddingInputs = endpoint === "/v1/embeddings" ? countEmbeddingInputs(request.body) : 0;
    const size: RequestSize = { bytes, embeddingInputs };
    const obstacle = findObstacle(request, size, this.#profile, this.#own);
    if (obstacle !== undefined) return obstacle;
    fill(this.#kindOfLine, line - 1);
    fill(this.#bytes, line - 1);
    const number = this.#findKind(request, endpoint);
    this.#kindOfLine.push(number + 1);
    this.#bytes.push(bytes);
    this.#countTokens(asked ?? request, { line, said, kind: this.kinds[number] });
    if (embeddingInputs > 0) this.#addInputs(line, embeddingInputs);
    return undefined;
  }

  /** The last line of the file goes without a line feed. */
  shortenLast(): void {
    this.#bytes.set(this.lines - 1, this.bytesOf(this.lines) - 1);
  }

  kindOf(line: number): RequestKind | undefined {
    return this.kinds[this.#kindOfLine.get(line - 1) - 1];
  }

  bytesOf(line: number): number {
    return this.#bytes.get(line - 1);
  }

  embeddingInputsOf(line: number): number {
    return this.#embeddingInputs?.get(line - 1) ?? 0;
  }

  /** Of what the request asks; 0 where nobody counts. */
  tokensOf(line: number): number {
    return this.#tokens.get(line - 1);
  }

  /** The most tokens that the answer may have; `undefined` where the request sets no limit, or nobody counts. */
  outputAtMostOf(line: number): number | undefined {
    const most = this.#outputs.get(line - 1);
    return most === noLimit ? undefined : most;
  }

  /** Whether a request was the service's own already. */
  isNative(line: number): boolean {
    return (this.#flags.get(line - 1) & native) !== 0;
  }

  /** Whether the service refuses the id of a line, and it is called by its number. */
  hasOddId(line: number): boolean {
    return (this.#flags.get(line - 1) & oddId) !== 0;
  }

  /** Whether all tokens of a kind were counted exactly. */
  isExact(kind: RequestKind): boolean {
    return !this.#estimated.has(kind);
  }

  /** For who counts when all lines are there. */
  setTokens(line: number, tokens: number, isExact: boolean): void {
    const kind = this.kindOf(line);
    if (kind === undefined) return;
    if (!isExact) this.#estimated.add(kind);
    this.#tokens.set(line - 1, Math.min(tokens, noLimit));
  }

  #countTokens({ url, body }: RequestOutline, { line, said, kind }: CountedRequest): void {
    if (this.#counter === undefined || kind === undefined) return;
    const endpoint = kind.endpoint ?? recogniseEndpoint(url);
    const counted = this.#counter.count(endpoint, kind.model, body);
    const { input, isExact, outputAtMost = said?.maxTokens } = counted;
    if (!isExact) this.#estimated.add(kind);
    fill(this.#tokens, line - 1);
    fill(this.#outputs, line - 1);
    this.#tokens.push(Math.min(input, noLimit));
    this.#outputs.push(Math.min(outputAtMost ?? noLimit, noLimit));
  }

  #endpointAt(url: string): Endpoint | undefined {
    const latest = this.kinds[this.#latest];
    return latest?.url === url ? latest.endpoint : endpointAt(this.#profile, url);
  }

  #findKind({ url, body }: RequestOutline, endpoint: Endpoint | undefined): number {
    const model = modelOf(body);
    const latest = this.kinds[this.#latest];
    // Lines of one file mostly have one kind, and to compare texts is faster than to look one up.
    if (latest !== undefined && latest.url === url && latest.model === model) return this.#latest;
    this.#latest = this.#lookUpKind(url, model, endpoint);
    return this.#latest;
  }

  #lookUpKind(url: string, model: string | undefined, endpoint: Endpoint | undefined): number {
    const key = JSON.stringify([url, model]);
    const known = this.#kindNumbers.get(key);
    if (known !== undefined) return known;
    const number = this.kinds.length;
    this.#kindNumbers.set(key, number);
    this.kinds.push({ url, model, endpoint, lane: this.#findLane(url, model, endpoint) });
    return number;
  }

  #findLane(url: string, model: string | undefined, endpoint: Endpoint | undefined): number {
    const { endpoints, models } = this.#profile.limits;
    const key = JSON.stringify([endpoints.value === "one" && url, models.value === "one" && model]);
    const known = this.#laneNumbers.get(key);
    if (known !== undefined) return known;
    const number = this.lanes.length;
    this.#laneNumbers.set(key, number);
    this.lanes.push(toPartLimits(this.#profile, this.#own, endpoint));
    return number;
  }

  #addInputs(line: number, count: number): void {
    this.#embeddingInputs ??= new Column(Uint32Array);
    fill(this.#embeddingInputs, line - 1);
    this.#embeddingInputs.push(count);
  }
}

interface PlacedRequest {
  readonly line: number;
  readonly bytes: number;
  readonly said?: TranslatedRequest | undefined;
  /** As it stands in the batch file, where it is said otherwise. */
  readonly asked?: RequestOutline | undefined;
}

interface CountedRequest {
  readonly line: number;
  readonly said: TranslatedRequest | undefined;
  readonly kind: RequestKind | undefined;
}

/** Up to the line before, which holds no request. */
function fill(column: Column, length: number): void {
  while (column.length < length) column.push(none);
}
