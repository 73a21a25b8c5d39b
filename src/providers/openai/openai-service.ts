import { isObject } from "../../api/index.js";
import type { HttpClient, RestOfFile, UploadBody } from "../../http/index.js";
import { tryParseJson } from "../../jsonl/index.js";
import { isSuccessStatus, type ServerAnswer } from "../../outcome/index.js";
import type { Profile } from "../profiles/profile.js";
import type { BatchService, OutgoingPart, Sighting, SoughtBatch } from "../seam/batch-service.js";
import { isRehearsalServer } from "../seam/is-rehearsal-server.js";
import { readObject, toNotYet, toOddAnswer, toServiceRefusal } from "../seam/read-answer.js";
import { ServiceRefusal } from "../seam/service-refusal.js";
import { readBatch } from "./read-batch.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** Batches and files carry the intent of their part: a file in its name, a batch in its metadata. */
const usualIntentKey = "openbatch_intent";
const toFileName = (intent: string): string => `openbatch-${intent}.jsonl`;

/** A list is asked for as many at once as the service gives. Source: openai-node 7.57, November 2026. */
const batchesPerPage = "100";
const filesPerPage = "1000";
const maxPages = 200;

/** The words for a file of which no batch can be made yet. Source: Microsoft's Azure OpenAI batch pages, November 2026. */
const underWay: ReadonlySet<string> = new Set(["pending", "running", "processing", "uploading", "queued"]);
/** Of a file of which no batch can ever be made. Source: the same pages. */
const unreadable = "error";

/** A clock here and one there may differ by so much. */
const clockMs = 10 * 60_000;

export interface OpenAIServiceOptions {
  readonly client: HttpClient;
  readonly profile: Profile;
}

/** The Files and Batches API of OpenAI, and of all who speak like it. */
export class OpenAIService implements BatchService {
  readonly takesFiles = true;
  readonly carriesIntents = true;
  readonly #client: HttpClient;
  readonly #profile: Profile;
  readonly #intentKey: string;
  /** How the service wants endpoints spelt, as far as it took another spelling than that of the lines. */
  readonly #spellings = new Map<string, string>();

  constructor({ client, profile }: OpenAIServiceOptions) {
    this.#client = client;
    this.#profile = profile;
    this.#intentKey = profile.intentKey?.value ?? usualIntentKey;
  }

  get target(): string {
    return this.#client.target;
  }

  async isRehearsal(signal?: AbortSignal): Promise<boolean> {
    if (this.#profile.name !== "local") return false;
    return isRehearsalServer(this.#client, signal);
  }

  async upload(part: OutgoingPart, signal?: AbortSignal): Promise<string> {
    const body = toForm(part);
    const answer = await this.#client.request({ method: "POST", url: "/v1/files", body, signal });
    return readId(answer);
  }

  async create(part: OutgoingPart, file: string | undefined, signal?: AbortSignal): Promise<Sighting> {
    const { looksAtFiles } = this.#profile;
    const unread = looksAtFiles?.value === true ? await this.#findUnread(file, signal) : undefined;
    if (unread !== undefined) return unread;
    try {
      return await this.#createSpelt(part, file, signal);
    } catch (error) {
      const isRefused = error instanceof ServiceRefusal && error.againMs === undefined;
      const why = isRefused ? await this.#findUnread(file, signal) : undefined;
      if (why !== undefined) return why;
      throw error;
    }
  }

  /** Names the endpoint as the lines do, or in the other way that the service is known to want. */
  async #createSpelt(part: OutgoingPart, file: string | undefined, signal?: AbortSignal): Promise<Sighting> {
    const { endpoint } = part;
    const other = this.#profile.otherEndpoints?.value[endpoint];
    try {
      return await this.#createAs(this.#spellings.get(endpoint) ?? endpoint, part, file, signal);
    } catch (error) {
      if (other === undefined || this.#spellings.has(endpoint) || !isOfEndpoint(error)) throw error;
      const sighting = await this.#createAs(other, part, file, signal);
      this.#spellings.set(endpoint, other);
      return sighting;
    }
  }

  async #createAs(
    endpoint: string,
    { intent }: OutgoingPart,
    file: string | undefined,
    signal?: AbortSignal,
  ): Promise<Sighting> {
    const body = JSON.stringify({
      input_file_id: file,
      endpoint,
      completion_window: this.#profile.windows.value.default,
      metadata: { [this.#intentKey]: intent },
    });
    return this.#toSighting(await this.#client.request({ method: "POST", url: "/v1/batches", body, signal }));
  }

  /**
   * A batch that was rejected before it was made, where the service could not read its file.
   * @throws ServiceRefusal that is "not yet" while the service looks at it.
   */
  async #findUnread(file = "", signal?: AbortSignal): Promise<Sighting | undefined> {
    const answer = await this.#client.request({ method: "GET", url: toURL("files", file), signal });
    const { status, status_details } = isSuccessStatus(answer.status) ? readObject(answer) : {};
    const word = typeof status === "string" ? status.toLowerCase() : "";
    if (underWay.has(word) || (word === "uploaded" && this.#profile.looksAtFiles?.value === true))
      throw toNotYet(answer, `the file is still ${JSON.stringify(status)} there`);
    if (word !== unreadable) return undefined;
    const said = typeof status_details === "string" ? `: ${status_details}` : ".";
    const message = `The service could not take the file in${said}`;
    const problems = [{ code: undefined, message, line: undefined, param: undefined }];
    return { batch: "", state: "rejected", word, counts: undefined, problems, outputs: [] };
  }

  async findFiles(intent: string, signal?: AbortSignal): Promise<readonly string[]> {
    const found: string[] = [];
    const query = { purpose: "batch", limit: filesPerPage };
    for await (const file of this.#list("/v1/files", query, signal))
      if (file.filename === toFileName(intent) && typeof file.id === "string") found.push(file.id);
    return found;
  }

  async findBatches(
    { intent, file, since }: SoughtBatch,
    signal?: AbortSignal,
  ): Promise<readonly Sighting[]> {
    const found: Sighting[] = [];
    const oldest = (Date.parse(since) - clockMs) / 1000;
    for await (const batch of this.#list("/v1/batches", { limit: batchesPerPage }, signal)) {
      // A file may have been in an earlier batch, of another intent. Not every service shows what was said of a batch.
      const said = isObject(batch.metadata) ? batch.metadata[this.#intentKey] : undefined;
      const isOurs =
        said === undefined ? file !== undefined && batch.input_file_id === file : said === intent;
      if (isOurs) found.push(this.#read(batch));
      // The newest come first.
      if (toSeconds(batch.created_at) < oldest) break;
    }
    return found;
  }

  async look(batch: string, signal?: AbortSignal): Promise<Sighting> {
    return this.#toSighting(
      await this.#client.request({ method: "GET", url: toURL("batches", batch), signal }),
    );
  }

  async cancel(batch: string, signal?: AbortSignal): Promise<Sighting> {
    const url = `${toURL("batches", batch)}/cancel`;
    return this.#toSighting(await this.#client.request({ method: "POST", url, signal }));
  }

  async download(file: string, offset: number, signal?: AbortSignal): Promise<RestOfFile> {
    const url = `${toURL("files", file)}/content`;
    const answer = await this.#client.download({ url, from: offset, signal });
    if (!("content" in answer)) throw toServiceRefusal(answer);
    return answer;
  }

  async sizeOf(file: string, signal?: AbortSignal): Promise<number | undefined> {
    const answer = await this.#client.request({ method: "GET", url: toURL("files", file), signal });
    const { bytes } = unwrap(readObject(answer));
    return typeof bytes === "number" ? bytes : undefined;
  }

  async remove(file: string, signal?: AbortSignal): Promise<void> {
    const answer = await this.#client.request({ method: "DELETE", url: toURL("files", file), signal });
    if (answer.status !== 404 && answer.status !== 410) readObject(answer);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #toSighting(answer: ServerAnswer): Sighting {
    const batch = unwrap(readObject(answer));
    if (typeof batch.id !== "string" || batch.id === "") throw toOddAnswer(answer, "no id of a batch");
    return this.#read(batch);
  }

  #read(batch: JsonObject): Sighting {
    return readBatch(batch, this.#profile.statuses.value);
  }

  async *#list(
    url: string,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<JsonObject> {
    let after: string | undefined;
    for (let page = 0; page < maxPages; page += 1) {
      const asked = after === undefined ? query : { ...query, after };
      const answer = await this.#client.request({ method: "GET", url, query: asked, signal });
      const bare = isSuccessStatus(answer.status) ? tryParseJson(answer.body) : undefined;
      const { data, value, has_more } = Array.isArray(bare) ? { data: bare } : readObject(answer);
      // Azure has `value` in the place of `data`. Source: its pages, November 2026.
      const list: unknown = data ?? value;
      const items = Array.isArray(list) ? list.filter(isObject).map(unwrap) : [];
      yield* items;
      const last = items.at(-1)?.id;
      if (has_more !== true || typeof last !== "string" || last === after) return;
      after = last;
    }
  }
}

/** Of a time stamp: seconds, or a text of ISO 8601. */
function toSeconds(time: unknown): number {
  return typeof time === "string" ? Date.parse(time) / 1000 : Number(time ?? Number.NaN);
}

function toURL(kind: "batches" | "files", id: string): string {
  return `/v1/${kind}/${encodeURIComponent(id)}`;
}

/** The file and what it is for, as a form that is read while it is sent. */
function toForm({ intent, bytes, read }: OutgoingPart): UploadBody {
  const boundary = `openbatch-${crypto.randomUUID()}`;
  const head = Buffer.from(
    `--${boundary}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n` +
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${toFileName(intent)}"\r\n` +
      "Content-Type: application/jsonl\r\n\r\n",
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: head.length + bytes + tail.length,
    async *read() {
      yield head;
      yield* read();
      yield tail;
    },
  };
}

/** Whether a batch is refused for the endpoint that it was to have: in any other way the service would refuse it too. */
function isOfEndpoint(error: unknown): boolean {
  if (!(error instanceof ServiceRefusal) || error.againMs !== undefined) return false;
  return error.error.param === "endpoint" || /\bendpoint\b/i.test(error.message);
}

/** Some services put what is asked for beside a code of their own. Source: reports of SiliconFlow's clients, unverified. */
function unwrap(json: JsonObject): JsonObject {
  return json.id === undefined && isObject(json.data) ? json.data : json;
}

function readId(answer: ServerAnswer): string {
  const { id } = unwrap(readObject(answer));
  if (typeof id === "string" && id !== "") return id;
  throw toOddAnswer(answer, "no id");
}
