import { modelOf, recogniseEndpoint } from "../../api/index.js";
import { LineWalker, readRequestLine } from "../../batch-file/index.js";
import { type OpenFile, toOpenFile, toStretch } from "../../files/index.js";
import { endpointAt, findProfile, type Profile, type ProfileName } from "../../providers/index.js";
import type { Stretch } from "./stretches.js";
import { TokenCounter } from "./token-counter.js";

/** The tokens of the requests of a stretch, in their order; blank lines have none. */
export interface StretchTokens {
  readonly tokens: Float64Array<ArrayBuffer>;
  /** 1 for each request that was counted exactly. */
  readonly isExact: Uint8Array<ArrayBuffer>;
  readonly isTokenizerMissing: boolean;
}

/** What a counter is started with, as data that can be sent to another thread. */
export interface StretchCounterData {
  readonly fd: number;
  readonly provider: ProfileName;
  /** Whether models have other names at the service: then what the batch file calls them tells no encoding. */
  readonly isTranslated: boolean;
}

/** Counts the tokens of stretches of one open batch file, which was read before, in whatever thread. */
export class StretchCounter {
  readonly #file: OpenFile;
  readonly #profile: Profile;
  readonly #isTranslated: boolean;
  readonly #counter = new TokenCounter();

  constructor({ fd, provider, isTranslated }: StretchCounterData) {
    this.#file = toOpenFile("", { fd, bytes: Number.MAX_SAFE_INTEGER });
    this.#isTranslated = isTranslated;
    this.#profile = findProfile(provider);
  }

  count(stretch: Stretch): StretchTokens {
    const tokens: number[] = [];
    const isExact: number[] = [];
    const lines = new LineWalker(toStretch(this.#file, stretch.start, stretch.end));
    while (lines.step()) {
      const request = readRequestLine(lines.bytes);
      if (request?.kind !== "request") continue;
      const { url, body } = request;
      const endpoint = endpointAt(this.#profile, url) ?? recogniseEndpoint(url);
      const counted = this.#counter.count(endpoint, this.#isTranslated ? undefined : modelOf(body), body);
      tokens.push(counted.input);
      isExact.push(counted.isExact ? 1 : 0);
    }
    return {
      tokens: Float64Array.from(tokens),
      isExact: Uint8Array.from(isExact),
      isTokenizerMissing: this.#counter.isTokenizerMissing,
    };
  }
}
