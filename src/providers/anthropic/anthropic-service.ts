import { isObject } from "../../api/index.js";
import type { HttpClient, RestOfFile, UploadBody } from "../../http/index.js";
import { lineFeed } from "../../jsonl/index.js";
import type { ServerAnswer } from "../../outcome/index.js";
import type { Profile } from "../profiles/profile.js";
import { recogniseProfile } from "../profiles/recognise-profile.js";
import type { BatchService, OutgoingPart, Sighting, SoughtBatch } from "../seam/batch-service.js";
import { isRehearsalServer } from "../seam/is-rehearsal-server.js";
import { readObject, toOddAnswer, toServiceRefusal } from "../seam/read-answer.js";
import { readMessageBatch } from "./read-message-batch.js";

const batchesURL = "/v1/messages/batches";
const perPage = "1000";
const maxPages = 20;

/** Between an intent and its batch: a clock there may be behind ours, and a large part takes a while to be sent. */
const earlierMs = 60_000;
const laterMs = 3_600_000;

export interface AnthropicServiceOptions {
  readonly client: HttpClient;
  readonly profile: Profile;
}

/** Message Batches: the requests go with the call that makes the batch, and nothing else of ours can go with it. */
export class AnthropicService implements BatchService {
  readonly takesFiles = false;
  /** No batch carries a mark by which it is found again: one that looks like ours may be another's. */
  readonly carriesIntents = false;
  readonly #client: HttpClient;
  readonly #profile: Profile;

  constructor({ client, profile }: AnthropicServiceOptions) {
    this.#client = client;
    this.#profile = profile;
  }

  get target(): string {
    return this.#client.target;
  }

  async isRehearsal(signal?: AbortSignal): Promise<boolean> {
    return recogniseProfile(this.target).name === "local" && isRehearsalServer(this.#client, signal);
  }

  upload(): never {
    throw new RangeError("Anthropic takes no files.");
  }

  async create(part: OutgoingPart, _file: string | undefined, signal?: AbortSignal): Promise<Sighting> {
    const body = toCreateBody(part);
    return this.#toSighting(await this.#client.request({ method: "POST", url: batchesURL, body, signal }));
  }

  findFiles(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  async findBatches({ requests, since }: SoughtBatch, signal?: AbortSignal): Promise<readonly Sighting[]> {
    const found: Sighting[] = [];
    const [oldest, newest] = [Date.parse(since) - earlierMs, Date.parse(since) + laterMs];
    let after: string | undefined;
    for (let page = 0; page < maxPages; page += 1) {
      const query = { limit: perPage, ...(after === undefined ? {} : { after_id: after }) };
      const answer = await this.#client.request({ method: "GET", url: batchesURL, query, signal });
      const { data, has_more, last_id } = readObject(answer);
      const batches = Array.isArray(data) ? data.filter(isObject) : [];
      for (const batch of batches) {
        const created = Date.parse(`${batch.created_at}`);
        const sighting = readMessageBatch(batch, this.#profile.statuses.value);
        const isOfThatTime = created >= oldest && created <= newest;
        if (isOfThatTime && sighting.counts?.total === requests) found.push(sighting);
        // The newest come first.
        if (created < oldest) return found;
      }
      if (has_more !== true || typeof last_id !== "string" || last_id === after) return found;
      after = last_id;
    }
    return found;
  }

  async look(batch: string, signal?: AbortSignal): Promise<Sighting> {
    return this.#toSighting(await this.#client.request({ method: "GET", url: toURL(batch), signal }));
  }

  async cancel(batch: string, signal?: AbortSignal): Promise<Sighting> {
    const url = `${toURL(batch)}/cancel`;
    return this.#toSighting(await this.#client.request({ method: "POST", url, body: "{}", signal }));
  }

  /** The batch names an address of its results; ours is asked all the same, so that the key goes nowhere else. */
  async download(batch: string, _offset: number, signal?: AbortSignal): Promise<RestOfFile> {
    const answer = await this.#client.download({ url: `${toURL(batch)}/results`, signal });
    if (!("content" in answer)) throw toServiceRefusal(answer);
    return answer;
  }

  sizeOf(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  /** There are no files, and the service deletes its results after 29 days. */
  remove(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #toSighting(answer: ServerAnswer): Sighting {
    const batch = readObject(answer);
    if (typeof batch.id !== "string" || batch.id === "") throw toOddAnswer(answer, "no id of a batch");
    return readMessageBatch(batch, this.#profile.statuses.value);
  }
}

function toURL(batch: string): string {
  return `${batchesURL}/${encodeURIComponent(batch)}`;
}

const head = Buffer.from('{"requests":[');
const tail = Buffer.from("]}");
const comma = 0x2c;

/** The lines of a part as one JSON body: a comma stands where a line feed stood, but for the last. */
function toCreateBody({ bytes, read }: OutgoingPart): UploadBody {
  return {
    contentType: "application/json",
    bytes: head.length + bytes - 1 + tail.length,
    async *read() {
      yield head;
      let left = bytes - 1;
      for await (const chunk of read()) {
        const lines = Buffer.from(chunk.subarray(0, left));
        left -= lines.length;
        for (let at = lines.indexOf(lineFeed); at >= 0; at = lines.indexOf(lineFeed, at + 1))
          lines[at] = comma;
        yield lines;
      }
      yield tail;
    },
  };
}
