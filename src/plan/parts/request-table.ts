import { countEmbeddingInputs, type Endpoint, modelOf, recogniseEndpoint } from "../../api/index.js";
import type { RequestLine } from "../../batch-file/index.js";
import { Column } from "../../jsonl/index.js";
import type { Profile } from "../../providers/index.js";
import { findObstacle, type Obstacle, type RequestSize } from "./find-obstacle.js";
import { type OwnLimits, type PartLimits, toPartLimits } from "./part-limits.js";

/** Requests that are alike in what a batch may have one of. */
export interface RequestKind {
  readonly url: string;
  readonly model: string | undefined;
  /** The number of the lane that they are in. */
  readonly lane: number;
}

const none = 0;

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
  #latest = 0;

  constructor(profile: Profile, own: OwnLimits) {
    this.#profile = profile;
    this.#own = own;
  }

  get lines(): number {
    return this.#kindOfLine.length;
  }

  /** Takes the request of a line. Gives why no batch can hold it, if none can: then it is in no part. */
  add(request: RequestLine, line: number, bytes: number): Obstacle | undefined {
    const endpoint = this.#endpointOf(request.url);
    const embeddingInputs = endpoint === "/v1/embeddings" ? countEmbeddingInputs(request.body) : 0;
    const size: RequestSize = { bytes, embeddingInputs };
    const obstacle = findObstacle(request, size, this.#profile, this.#own);
    if (obstacle !== undefined) return obstacle;
    fill(this.#kindOfLine, line - 1);
    fill(this.#bytes, line - 1);
    this.#kindOfLine.push(this.#findKind(request, endpoint) + 1);
    this.#bytes.push(bytes);
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

  #endpointOf(url: string): Endpoint | undefined {
    const { value } = this.#profile.urls;
    return recogniseEndpoint(Object.hasOwn(value, url) ? value[url] : url);
  }

  #findKind({ url, body }: RequestLine, endpoint: Endpoint | undefined): number {
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
    this.kinds.push({ url, model, lane: this.#findLane(url, model, endpoint) });
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

/** Up to the line before, which holds no request. */
function fill(column: Column, length: number): void {
  while (column.length < length) column.push(none);
}
