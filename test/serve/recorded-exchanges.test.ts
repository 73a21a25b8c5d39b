import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { TestBatchServer } from "../../src/testing.js";
import { startBatchServer } from "./start-batch-server.js";

const folder = join(
  process.env.OPENBATCH_REAL_DATA ?? fileURLToPath(new URL("../../../shared/data", import.meta.url)),
  "http",
);

/** One request to the real service, and what it answered. */
interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly request_body: string;
  readonly status: number;
  readonly response_headers: Readonly<Record<string, string>>;
  readonly response_body: string;
}

/** Sends what was sent to the service to a server of ours, with the ids that this one gives. */
class Replay {
  readonly #server: TestBatchServer;
  readonly #upload: string;
  readonly #ids = new Map<string, string>();

  constructor(server: TestBatchServer, upload: string) {
    this.#server = server;
    this.#upload = upload;
  }

  async send({ method, url, request_body }: Exchange): Promise<Response> {
    const path = this.#translate(new URL(url).pathname.replace(/^\/v1/, ""));
    const target = `${this.#server.baseURL}${path}`;
    if (request_body.startsWith("<multipart")) {
      const form = new FormData();
      form.append("file", new File([this.#upload], "upload.jsonl"));
      form.append("purpose", "batch");
      return fetch(target, { method, body: form });
    }
    if (request_body === "") return fetch(target, { method });
    const headers = { "content-type": "application/json" };
    return fetch(target, { method, headers, body: this.#translate(request_body) });
  }

  /** Learns which of our ids stands for one of theirs. */
  learn(recorded: Record<string, unknown>, ours: Record<string, unknown>): void {
    for (const key of ["id", "output_file_id"]) {
      const [theirs, own] = [recorded[key], ours[key]];
      if (typeof theirs === "string" && typeof own === "string") this.#ids.set(theirs, own);
    }
  }

  #translate(text: string): string {
    let translated = text;
    for (const [theirs, ours] of this.#ids) translated = translated.replaceAll(theirs, ours);
    return translated;
  }
}

const order = ["validating", "in_progress", "finalizing", "completed", "cancelling", "cancelled"];
const conversations = ["openai-basic_batch_completion", "openai-batch_cancel"];

describe.skipIf(!existsSync(folder))("a conversation with the real service", () => {
  test.each(conversations)(
    "%s has every recorded field, with its type, and the states in their order",
    async (name) => {
      const upload = readFileSync(join(folder, name, "upload-1.jsonl"), "utf8");
      const exchanges: Exchange[] = readFileSync(join(folder, name, "exchange.jsonl"), "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line));
      const stageMs = { validating: 2000, in_progress: 5000, finalizing: 1000 };
      await using server = await startBatchServer({ clock: { speed: 0 }, stageMs });
      const replay = new Replay(server, upload);
      const seen: string[] = [];
      expect(exchanges.length).toBeGreaterThan(3);
      for (const exchange of exchanges) {
        const response = await replay.send(exchange);
        expect(response.status).toBe(exchange.status);
        for (const header of ["x-request-id", "openai-version"]) {
          expect(response.headers.get(header)?.length).toBe(exchange.response_headers[header]?.length);
        }
        expect(response.headers.get("content-type")).toBe(exchange.response_headers["content-type"]);
        const text = await response.text();
        if (exchange.url.endsWith("/content")) {
          expectLines(text, exchange.response_body);
          expectName(response.headers.get("content-disposition"), exchange);
          continue;
        }
        const [recorded, ours] = [JSON.parse(exchange.response_body), JSON.parse(text)];
        expectShape(ours, recorded, exchange.url);
        replay.learn(recorded, ours);
        if (ours.object !== "batch") continue;
        expect(ours.status).toBe(recorded.status);
        seen.push(ours.status);
        // Polled by the recorder until the state that comes next in the recording.
        const next = exchanges[exchanges.indexOf(exchange) + 1];
        await advanceTo(server, statusOf(next), ours);
      }
      expect(seen.map((status) => order.indexOf(status))).toEqual(
        seen.map((status) => order.indexOf(status)).sort((one, other) => one - other),
      );
    },
  );
});

test.runIf(!existsSync(folder))("needs OPENBATCH_REAL_DATA to replay recorded conversations", (context) => {
  context.skip(`There is no folder ${folder}.`);
});

function statusOf(exchange: Exchange | undefined): string | undefined {
  if (exchange === undefined || exchange.method !== "GET" || exchange.url.endsWith("/content"))
    return undefined;
  return JSON.parse(exchange.response_body).status;
}

async function advanceTo(
  server: TestBatchServer,
  status: string | undefined,
  batch: { readonly id: string; readonly status: string },
): Promise<void> {
  if (status === undefined) return;
  for (let shown = batch.status; shown !== status; ) {
    await server.clock.advance(500);
    const response = await fetch(`${server.baseURL}/batches/${batch.id}`);
    shown = Object(await response.json()).status;
  }
}

/** What a field is that is null in a recording, and need not always be. Source: the SDK's types. */
const typesOfNullable: Readonly<Record<string, string>> = {
  error: "object",
  errors: "object",
  error_file_id: "string",
  output_file_id: "string",
  expires_at: "number",
  status_details: "string",
  refusal: "string",
  logprobs: "object",
  system_fingerprint: "string",
};

/** Every field of one object is in the other, with its type; where one is null in the recording, it may be set. */
function expectShape(ours: unknown, recorded: unknown, place: string): void {
  if (recorded === null) return expectNullOr(ours, place);
  if (Array.isArray(recorded)) {
    expect(Array.isArray(ours), place).toBe(true);
    return expectShape(Object(ours)[0], recorded[0], `${place}[0]`);
  }
  expect(typeof ours, place).toBe(typeof recorded);
  if (typeof recorded !== "object") return;
  for (const [key, value] of Object.entries(Object(recorded))) {
    // What a person wrote, or what an answer holds of its own accord.
    if (key === "metadata") expect(Object(ours)[key]).toEqual(value);
    else expectShape(Object(ours)[key], value, `${place} ${key}`);
  }
}

/** The times of a batch are those of its state, which is the same in both: what is null there is null here. */
function expectNullOr(ours: unknown, place: string): void {
  const type = typesOfNullable[/\w+$/.exec(place)?.[0] ?? ""] ?? "null";
  expect([type, "null"], place).toContain(ours === null ? "null" : typeof ours);
}

function expectLines(ours: string, recorded: string): void {
  const [own, theirs] = [ours, recorded].map((text) =>
    text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line)),
  );
  expect(own?.map(({ custom_id }) => custom_id).sort()).toEqual(
    theirs?.map(({ custom_id }) => custom_id).sort(),
  );
  for (const line of theirs ?? []) {
    expectShape(
      own?.find(({ custom_id }) => custom_id === line.custom_id),
      line,
      "line",
    );
  }
}

function expectName(ours: string | null, { response_headers }: Exchange): void {
  const withoutId = (text: string | null | undefined): string | undefined =>
    text?.replace(/[0-9a-f]{32}/, "ID");
  expect(withoutId(ours)).toBe(withoutId(response_headers["content-disposition"]));
}
