import { createRequire } from "node:module";
import type { Endpoint } from "../../api/index.js";
import { findOutputLimit, toCountable } from "./countable.js";
import { type EncodingName, encodingOf } from "./encoding-of.js";
import { listRuns } from "./list-runs.js";

/** The tokens of one request. */
export interface RequestTokens {
  readonly input: number;
  /** The most that its answer may have; `undefined` where it sets no limit. */
  readonly outputAtMost: number | undefined;
  /** Whether the input was counted with the model's own encoding, and there was nothing in it but text. */
  readonly isExact: boolean;
}

/** Counts the tokens of one request. */
export interface RequestCounter {
  count(endpoint: Endpoint | undefined, model: string | undefined, body: Body): RequestTokens;
}

type Body = Readonly<Record<string, unknown>>;

/** Looks at the limit of the answer alone: the rest is counted by others. */
export const outputCounter: RequestCounter = {
  count: (endpoint, _model, body) => ({
    ...{ input: 0, outputAtMost: findOutputLimit(endpoint, body), isExact: true },
  }),
};

/** How many tokens a text has. */
export type CountText = (text: string) => number;
export type LoadEncoding = (name: EncodingName) => CountText | undefined;

type Encoding = Pick<typeof import("gpt-tokenizer/encoding/o200k_base"), "countTokens">;

const require = createRequire(import.meta.url);

/** Bytes for a token where no encoding is known: about so many they are in most languages. */
const bytesOfToken = 4;

/** Counts the tokens of requests. An encoding takes long to load, and is loaded when a model first needs it. */
export class TokenCounter implements RequestCounter {
  readonly #load: LoadEncoding;
  readonly #loaded = new Map<EncodingName, CountText | undefined>();
  /** Whether the library that counts is missing, though there was something for it to count. */
  isTokenizerMissing = false;

  constructor(load: LoadEncoding = loadEncoding) {
    this.#load = load;
  }

  count(endpoint: Endpoint | undefined, model: string | undefined, body: Body): RequestTokens {
    const { texts, tokens, isExact } = toCountable(endpoint, body);
    const outputAtMost = findOutputLimit(endpoint, body);
    const encoding = encodingOf(model);
    const countText = encoding === undefined ? undefined : this.#find(encoding.name);
    const input = texts.reduce((sum, text) => sum + countSlices(text, countText ?? estimate), tokens);
    return { input, outputAtMost, isExact: isExact && countText !== undefined && encoding?.isKnown === true };
  }

  #find(name: EncodingName): CountText | undefined {
    if (!this.#loaded.has(name)) {
      const loaded = this.#load(name);
      if (loaded === undefined) this.isTokenizerMissing = true;
      this.#loaded.set(name, loaded);
    }
    return this.#loaded.get(name);
  }
}

function estimate(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / bytesOfToken);
}

function countSlices(text: string, count: CountText): number {
  const ends = listRuns(text);
  if (ends.length === 0) return count(text);
  let tokens = 0;
  let start = 0;
  for (const end of [...ends, text.length]) {
    if (end > start) tokens += count(text.slice(start, end));
    start = end;
  }
  return tokens;
}

/** Nothing where gpt-tokenizer is not installed: it is large, and an optional peer. */
function loadEncoding(name: EncodingName): CountText | undefined {
  try {
    // What is required is what the package's types describe.
    const { countTokens } = require(`gpt-tokenizer/encoding/${name}`) as Encoding;
    // A text may hold what looks like a special token, as "<|endoftext|>": it is text.
    const options = { disallowedSpecial: new Set<string>() };
    return (text) => countTokens(text, options);
  } catch {
    return undefined;
  }
}
