import { setImmediate } from "node:timers/promises";
import { isObject } from "../../api/index.js";
import { LineWalker, readLineId, readRequestLine, toLineText } from "../../batch-file/index.js";
import { type OpenFile, spoolBytes } from "../../files/index.js";
import { Column, tryParseJson } from "../../jsonl/index.js";
import {
  createTranslator,
  findProfile,
  isIdTaken,
  type LineTranslator,
  type Profile,
  type ProfileName,
  writeOurLine,
} from "../../providers/index.js";

type JsonObject = Readonly<Record<string, unknown>>;

export interface TranslateResultsOptions {
  readonly requests: OpenFile | undefined;
  readonly from: ProfileName;
  readonly signal: AbortSignal | undefined;
}

/** Lines of a service as those of the Batch API, each at its number; what is none of the service's stays as it is. */
export async function translateResults(
  file: OpenFile,
  { requests, from, signal }: TranslateResultsOptions,
): Promise<OpenFile> {
  const profile = findProfile(from);
  const translator = createTranslator(profile, {});
  // The same file, once more: whoever opened it closes it.
  if (translator === undefined) return { ...file, close: () => undefined };
  const asked = requests === undefined ? undefined : new AskedRequests(requests, profile);
  return spoolBytes(file, translateLines(file, { translator, asked, signal }));
}

interface Translation {
  readonly translator: LineTranslator;
  readonly asked: AskedRequests | undefined;
  readonly signal: AbortSignal | undefined;
}

/** The rest of the process has its turn then. */
const linesBetweenPauses = 1_000;

async function* translateLines(file: OpenFile, translation: Translation): AsyncGenerator<Buffer> {
  const lines = new LineWalker(file);
  while (lines.step()) {
    const value = lines.isBlank ? undefined : tryParseJson(toLineText(lines.bytes));
    const ours = isObject(value) ? toOurLine(value, { file, line: lines.number, ...translation }) : undefined;
    yield ours === undefined ? Buffer.from(lines.bytes) : Buffer.from(ours);
    yield Buffer.from("\n");
    if (lines.number % linesBetweenPauses === 0)
      await setImmediate(undefined, { signal: translation.signal });
  }
}

function toOurLine(
  value: JsonObject,
  { file, line, translator, asked }: Translation & { readonly file: OpenFile; readonly line: number },
): string | undefined {
  const id = translator.readResultId(value);
  if (id === undefined) return undefined;
  const request = asked?.find(id) ?? { custom_id: id, isNative: false };
  // The service's lines do not say when they were made.
  return writeOurLine(translator, value, { ...request, created: 0, source: { file: file.name, line } });
}

interface AskedRequest {
  readonly custom_id: string;
  readonly isNative: boolean;
}

const native = 1;

/** The requests of a batch file, by the ids that they had at the service. */
class AskedRequests {
  readonly #file: OpenFile;
  readonly #offsets = new Column(Float64Array);
  readonly #lengths = new Column(Uint32Array);
  readonly #flags = new Column(Uint8Array);
  readonly #natives = new Set<string>();
  /** Whether the service refuses an id of the file: then all are called by the numbers of their lines. */
  #isNumbered = false;

  constructor(file: OpenFile, { limits }: Profile) {
    this.#file = file;
    const lines = new LineWalker(file);
    while (lines.step()) {
      const request = readRequestLine(lines.bytes);
      const isRequest = request?.kind === "request";
      const isNative = isRequest && request.url === "/v1/messages";
      this.#offsets.push(lines.lineOffset);
      this.#lengths.push(isRequest ? lines.bytes.length : 0);
      this.#flags.push(isNative ? native : 0);
      if (isNative) this.#natives.add(request.custom_id);
      if (isRequest && limits.ids !== undefined && !isIdTaken(request.custom_id, limits.ids.value))
        this.#isNumbered = true;
    }
  }

  find(id: string): AskedRequest | undefined {
    if (!this.#isNumbered) return { custom_id: id, isNative: this.#natives.has(id) };
    const line = /^r[1-9]\d*$/.test(id) ? Number(id.slice(1)) : 0;
    const length = line > this.#lengths.length ? 0 : this.#lengths.get(line - 1);
    if (length === 0) return undefined;
    const bytes = Buffer.allocUnsafe(length);
    this.#file.read(bytes, 0, { offset: this.#offsets.get(line - 1), length });
    const custom_id = readLineId(bytes);
    return custom_id === undefined
      ? undefined
      : { custom_id, isNative: this.#flags.get(line - 1) === native };
  }
}
