import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type JobEvent, JobStoppedError, submitBatchFile } from "../../src/job.js";
import { listBatches } from "./start-job.js";
import {
  isCreate,
  isDownload,
  isLook,
  isUpload,
  type JsonObject,
  startOddService,
} from "./start-odd-service.js";

/** As Azure spells it: `InProgress`, times as texts. */
function inCapitals(batch: JsonObject): JsonObject {
  const status = `${batch.status}`.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const times = Object.entries(batch).flatMap(([key, value]) =>
    key.endsWith("_at") && typeof value === "number" ? [[key, new Date(value * 1000).toISOString()]] : [],
  );
  return { ...batch, ...Object.fromEntries(times), status };
}

const withoutCounts = { request_counts: { total: null, completed: null, failed: null } };

/** What an ended batch says of its counts while its files are not named yet. */
const lagging: readonly (readonly [string, JsonObject])[] = [
  ["no counts", withoutCounts],
  ["counts of nothing done", { request_counts: { total: 4, completed: 0, failed: 0 } }],
  ["counts of nothing at all", { request_counts: { total: 0, completed: 0, failed: 0 } }],
];

test.concurrent.for(lagging)(
  "a batch that has ended with %s is asked for its results till it names them",
  async ([, counts]) => {
    let looks = 0;
    await using own = await startOddService(4, {
      after: (call, batch) => {
        if (!isLook(call)) return undefined;
        const lags = batch.status === "completed" && looks < 3;
        if (lags) looks += 1;
        const none = { output_file_id: null, error_file_id: null, ...counts };
        return inCapitals({ ...batch, ...(lags ? none : {}) });
      },
    });
    const summary = await submitBatchFile(own.file, {
      ...{ client: own.client, provider: "azure", pollSeconds: 0.1 },
    });
    expect(summary).toMatchObject({ succeeded: 4, left: 0 });
    expect(looks).toBe(3);
    expect(await listBatches(own.openai)).toHaveLength(1);
  },
);

test.concurrent.for(["Cancelled", "canceled"])(
  "a batch that somebody else cancelled is not sent again at once where that is %s",
  async (word) => {
    const after = (call: Parameters<typeof isLook>[0], batch: JsonObject) =>
      isLook(call) && batch.status === "cancelled" ? { ...batch, status: word } : undefined;
    await using own = await startOddService(40, { after }, { trouble: { cancelAfterRequests: 15 } });
    const summary = await submitBatchFile(own.file, {
      client: own.client,
      provider: "custom",
      pollSeconds: 0.1,
    });
    expect(summary.left).toBeGreaterThan(0);
    expect(await listBatches(own.openai)).toHaveLength(1);
  },
);

test.concurrent.for(["succeeded", "Success", "done"])("a batch that is %s has ended", async (word) => {
  await using own = await startOddService(4, {
    after: (call, batch) =>
      isLook(call) && batch.status === "completed" ? { ...batch, status: word } : undefined,
  });
  const summary = await submitBatchFile(own.file, {
    client: own.client,
    provider: "custom",
    pollSeconds: 0.1,
  });
  expect(summary).toMatchObject({ succeeded: 4, left: 0 });
});

test.concurrent("results under other ids than those that were sent are told, and not paid for again", async () => {
  const answer = { response: { status_code: 200, body: { choices: [] } }, error: null };
  await using own = await startOddService(4, {
    before: ({ method, path }) => {
      if (method !== "GET" || !path.includes("/files/")) return undefined;
      if (!path.endsWith("content")) return { status: 404, json: { error: { message: "No." } } };
      return { status: 200, json: { custom_id: "of-somebody-else", ...answer } };
    },
  });
  const waiting = submitBatchFile(own.file, { client: own.client, provider: "custom", pollSeconds: 0.1 });
  await expect(waiting).rejects.toMatchObject({
    code: "results_gone",
    summary: {
      gone: [
        { problems: [{ message: expect.stringMatching(/custom_id.*: 1 line kept in .*strays\.jsonl/) }] },
      ],
    },
  });
  expect(await listBatches(own.openai)).toHaveLength(1);
});

test.concurrent("what a batch answered before it failed is kept", async () => {
  let failed: unknown;
  await using own = await startOddService(
    40,
    {
      after: (call, batch) => {
        if (!isLook(call) || batch.status !== "expired") return undefined;
        failed = batch.id;
        return { ...batch, status: "failed", errors: { data: [{ code: "internal", message: "It broke." }] } };
      },
    },
    { trouble: { expireAfterRequests: 15 } },
  );
  const summary = await submitBatchFile(own.file, {
    ...{ client: own.client, provider: "custom", pollSeconds: 0.1 },
  });
  expect(failed).toBeTypeOf("string");
  expect(summary).toMatchObject({ succeeded: 40, left: 0, rejected: [] });
  const totals = (await listBatches(own.openai)).map(({ request_counts }) => request_counts?.total ?? 0);
  expect(Math.min(...totals)).toBeLessThan(40);
});

const shapes: readonly unknown[] = [
  { data: [{ code: "bad", message: "Not so.", line: 2 }] },
  [{ code: 1210, message: "Not so.", line: "2" }],
  { code: "bad", message: "Not so." },
  "Not so.",
];

test.concurrent.for(shapes)("why a batch was rejected is read from %j", async (errors) => {
  await using own = await startOddService(4, {
    after: (call, batch) =>
      isLook(call)
        ? { ...batch, status: "Failed", output_file_id: null, request_counts: null, errors }
        : undefined,
  });
  const waiting = submitBatchFile(own.file, { client: own.client, provider: "custom", pollSeconds: 0.1 });
  const { summary } = await waiting.then(
    () => expect.unreachable(),
    (error: unknown) => {
      if (error instanceof JobStoppedError) return error;
      throw error;
    },
  );
  const [problem] = summary.rejected;
  expect(problem?.message).toBe("Not so.");
  expect(problem?.line).toBe(JSON.stringify(errors).includes("line") ? 2 : undefined);
});

test.concurrent.for([
  [
    "a list that has value in the place of data",
    ({ data, has_more }: JsonObject) => ({ value: data, has_more }),
  ],
  ["a list that is nothing but an array", ({ data }: JsonObject) => data as unknown as JsonObject],
] as const)("a create whose answer is lost is found in %s", async ([, toList]) => {
  let isLost = false;
  await using own = await startOddService(4, {
    after: (call, json) => {
      if (call.method === "GET" && Array.isArray(json.data)) return toList(json);
      if (!isCreate(call) || isLost) return undefined;
      isLost = true;
      return { lost: true };
    },
  });
  const summary = await submitBatchFile(own.file, {
    ...{ client: own.client, provider: "azure", pollSeconds: 0.1 },
  });
  expect(summary).toMatchObject({ succeeded: 4, left: 0 });
  expect(await listBatches(own.openai)).toHaveLength(1);
});

test.concurrent("no batch is made of a file while its service looks at it", async () => {
  let looks = 0;
  const creates: number[] = [];
  await using own = await startOddService(4, {
    before: (call) => {
      if (isCreate(call)) creates.push(looks);
      return undefined;
    },
    after: (call, file) => {
      if (call.method !== "GET" || !/\/files\/[^/]+$/.test(call.path) || looks >= 2) return undefined;
      looks += 1;
      return { ...file, status: "pending" };
    },
  });
  const summary = await submitBatchFile(own.file, {
    ...{ client: own.client, provider: "azure", pollSeconds: 0.1 },
  });
  expect(summary).toMatchObject({ succeeded: 4, left: 0 });
  expect(creates).toEqual([2]);
});

test.concurrent("a service that refuses a batch because it looks at its file is asked again", async () => {
  let looks = 0;
  await using own = await startOddService(4, {
    before: (call) =>
      isCreate(call) && looks < 2
        ? { status: 400, json: { error: { message: "Wait for it.", type: "invalid_request_error" } } }
        : undefined,
    after: (call, file) => {
      if (call.method !== "GET" || !/\/files\/[^/]+$/.test(call.path) || looks >= 2) return undefined;
      looks += 1;
      return { ...file, status: "running" };
    },
  });
  const summary = await submitBatchFile(own.file, {
    ...{ client: own.client, provider: "custom", pollSeconds: 0.1 },
  });
  expect(summary).toMatchObject({ succeeded: 4, left: 0 });
  expect(looks).toBe(2);
});

test.concurrent("the endpoint of a batch is spelt as Azure takes it", async () => {
  const spellings: unknown[] = [];
  await using own = await startOddService(4, {
    before: (call) => {
      if (!isCreate(call)) return undefined;
      const { endpoint } = JSON.parse(call.body) as { endpoint: string };
      spellings.push(endpoint);
      const message = `Invalid value: '${endpoint}'. Supported values are: '/chat/completions'.`;
      const error = { message, param: "endpoint", code: "invalid_value" };
      return endpoint.startsWith("/v1") ? { status: 400, json: { error } } : undefined;
    },
  });
  const options = { client: own.client, provider: "azure", pollSeconds: 0.1 } as const;
  await submitBatchFile(own.file, options).catch(() => undefined);
  expect(spellings.slice(0, 2)).toEqual(["/v1/chat/completions", "/chat/completions"]);
});

test.concurrent("a batch at Model Studio carries its intent under a key that is taken there", async () => {
  const metadata: unknown[] = [];
  await using own = await startOddService(4, {
    before: (call) => {
      if (isCreate(call)) metadata.push((JSON.parse(call.body) as JsonObject).metadata);
      return undefined;
    },
  });
  await submitBatchFile(own.file, { client: own.client, provider: "alibaba", pollSeconds: 0.1 });
  expect(metadata).toEqual([{ ds_description: expect.stringMatching(/^[0-9a-f]{24}$/) }]);
});

test.concurrent.for([400, 429])(
  "a queue that is full is waited for where that is said with status %i",
  async (status) => {
    let refused = 0;
    const message =
      "Enqueued token limit reached for gpt-4o-mini in organization org-x. Limit: 2,000,000 enqueued tokens.";
    await using own = await startOddService(4, {
      before: (call) => {
        if (!isCreate(call) || refused === 1) return undefined;
        refused += 1;
        return { status, json: { error: { message, code: "token_limit_exceeded" } } };
      },
    });
    const summary = await submitBatchFile(own.file, {
      ...{ client: own.client, provider: "custom", pollSeconds: 0.1 },
    });
    expect(summary).toMatchObject({ succeeded: 4, left: 0 });
    expect(refused).toBe(1);
    expect(await listBatches(own.openai)).toHaveLength(1);
    expect((await own.openai.files.list()).data).toEqual([]);
  },
);

test.concurrent.for([
  [400, "The file 'file-abc' does not exist."],
  [404, "File file-abc not found"],
  [404, "Input file file-abc could not be found."],
] as const)(
  "a file that is not there at once is waited for, with status %i and %s",
  async ([status, message]) => {
    let refused = 0;
    await using own = await startOddService(4, {
      before: (call) => {
        if (!isCreate(call) || refused === 1) return undefined;
        refused += 1;
        return { status, json: { error: { message } } };
      },
    });
    const summary = await submitBatchFile(own.file, {
      ...{ client: own.client, provider: "custom", pollSeconds: 0.1 },
    });
    expect(summary).toMatchObject({ succeeded: 4, left: 0 });
    expect(refused).toBe(1);
  },
);

test.concurrent("results that are counted and not named are waited for, told, and never paid twice", async () => {
  const interruption = new AbortController();
  let looks = 0;
  let isNamed = false;
  await using own = await startOddService(4, {
    after: (call, batch) => {
      if (!isLook(call) || batch.status !== "completed") return undefined;
      looks += 1;
      if (looks > 15) interruption.abort();
      return isNamed ? undefined : { ...batch, output_file_id: null };
    },
  });
  const record = join(own.folder, "requests.job", "job.json");
  const options = { client: own.client, provider: "custom", pollSeconds: 0.1 } as const;
  const waiting = submitBatchFile(own.file, { ...options, signal: interruption.signal });
  await expect(waiting).rejects.toMatchObject({ code: "interrupted" });
  const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
  const text = readFileSync(record, "utf8");
  writeFileSync(record, text.replace(/("ended_at": ?)"[^"]*"/, `$1"${minutesAgo(6)}"`));
  for (let times = 0; times < 2; times += 1)
    await expect(submitBatchFile(own.file, options)).rejects.toMatchObject({
      code: "results_gone",
      summary: {
        gone: [{ problems: [{ message: "The service counts 4 answers, and names no file of them." }] }],
      },
    });
  isNamed = true;
  expect(await submitBatchFile(own.file, options)).toMatchObject({ succeeded: 4, left: 0 });
  expect(await listBatches(own.openai)).toHaveLength(1);
  expect((await own.openai.files.list()).data).toEqual([]);
});

test.concurrent("the file of a batch whose results are given up is deleted", async () => {
  const interruption = new AbortController();
  let unnamed: unknown;
  await using own = await startOddService(4, {
    after: (call, batch) => {
      if (!isLook(call) || batch.status !== "completed") return undefined;
      unnamed ??= batch.id;
      interruption.abort();
      return batch.id === unnamed ? { ...batch, output_file_id: null } : undefined;
    },
  });
  const record = join(own.folder, "requests.job", "job.json");
  const options = { client: own.client, provider: "custom", pollSeconds: 0.1 } as const;
  const waiting = submitBatchFile(own.file, { ...options, signal: interruption.signal });
  await expect(waiting).rejects.toMatchObject({ code: "interrupted" });
  const minutesAgo = new Date(Date.now() - 6 * 60_000).toISOString();
  writeFileSync(record, readFileSync(record, "utf8").replace(/("ended_at": ?)"[^"]*"/, `$1"${minutesAgo}"`));
  await expect(submitBatchFile(own.file, options)).rejects.toMatchObject({ code: "results_gone" });
  const again = { ...options, retryFailed: true };
  expect(await submitBatchFile(own.file, again)).toMatchObject({ succeeded: 4, left: 0 });
  expect((await own.openai.files.list({ purpose: "batch" })).data).toEqual([]);
});

test.concurrent("batches and files that are wrapped in data are read", async () => {
  await using own = await startOddService(4, {
    after: (_, json) => (Array.isArray(json.data) ? undefined : { code: 20000, status: true, data: json }),
  });
  const options = { client: own.client, provider: "custom", pollSeconds: 0.1 } as const;
  expect(await submitBatchFile(own.file, options)).toMatchObject({ succeeded: 4, left: 0 });
  expect(await listBatches(own.openai)).toHaveLength(1);
});

test.concurrent("a batch that is taken in words that nobody understands is looked for, and not made again", async () => {
  await using own = await startOddService(4, {
    after: (call, json) => {
      if (call.method === "GET" && call.path.endsWith("/batches")) return { data: [], has_more: false };
      return isCreate(call) ? { task: json.id } : undefined;
    },
  });
  const options = { client: own.client, provider: "custom", pollSeconds: 0.1 } as const;
  await expect(submitBatchFile(own.file, options)).rejects.toMatchObject({
    code: "service_refused",
    message: expect.stringContaining("no id of a batch"),
  });
  expect(await listBatches(own.openai)).toHaveLength(1);
});

test.concurrent.for([
  ["an upload", isUpload, []],
  ["a batch", isCreate, ["uploaded"]],
] as const)(
  "of %s that is refused nothing is at the service, and it is told so",
  async ([, isRefused, states]) => {
    let isOff = true;
    await using own = await startOddService(4, {
      before: (call) =>
        isOff && isRefused(call) ? { status: 401, json: { error: { message: "No such key." } } } : undefined,
    });
    const options = { client: own.client, pollSeconds: 0.1 };
    const error = await submitBatchFile(own.file, options).catch((reason: unknown) => reason);
    const { code, summary } = error as JobStoppedError;
    expect(code).toBe("key_refused");
    expect(summary).toMatchObject({ atService: 0, left: 4, waiting: 4 });
    expect(summary.parts.map(({ state }) => state)).toEqual(states);
    expect(`${summary}`).toContain("0 failed, 4 to be submitted\n");
    isOff = false;
    const before = own.calls.length;
    expect(await submitBatchFile(own.file, options)).toMatchObject({ succeeded: 4, left: 0 });
    // What nobody has is not looked for.
    const calls = own.calls.slice(before);
    expect(
      calls.slice(
        0,
        calls.findIndex((call) => call.startsWith("POST")),
      ),
    ).toEqual(["GET /v1/batches"]);
    expect(await listBatches(own.openai)).toHaveLength(1);
  },
);

test.concurrent.for([404, 405])(
  "a server that answers an upload with %d is told to have no Batch API",
  async (status) => {
    await using own = await startOddService(1, {
      before: (call) => (isUpload(call) ? { status, json: { detail: "Not Found" } } : undefined),
    });
    await expect(submitBatchFile(own.file, { client: own.client, pollSeconds: 0.1 })).rejects.toMatchObject({
      code: "service_refused",
      hint: expect.stringContaining("openbatch run FILE"),
    });
  },
);

test.concurrent.for([
  ["looked at", 401, isLook],
  ["looked at", 403, isLook],
  ["looked at", 404, isLook],
  ["collected", 403, isDownload],
  ["collected", 404, isDownload],
] as const)(
  "a batch that is %s goes on behind a page of a firewall with status %i",
  async ([, status, isPaged]) => {
    let pages = 0;
    await using own = await startOddService(4, {
      before: (call) => {
        if (!isPaged(call) || pages === 2) return undefined;
        pages += 1;
        return { status, page: "<html><title>Attention required</title></html>" };
      },
    });
    const told: string[] = [];
    const onEvent = (event: JobEvent) => event.kind === "trouble" && told.push(event.message);
    const summary = await submitBatchFile(own.file, { client: own.client, pollSeconds: 0.1, onEvent });
    expect(summary).toMatchObject({ succeeded: 4, left: 0, gone: [] });
    const page = `and refused: status ${status} with a page for a browser.`;
    expect(told).toEqual([expect.stringContaining(page), expect.stringContaining(page)]);
  },
);

test.concurrent("that a batch is not found is told, where it lasts", async () => {
  let looks = 0;
  await using own = await startOddService(4, {
    before: (call) => {
      if (!isLook(call) || looks === 3) return undefined;
      looks += 1;
      return { status: 404, json: { error: { message: "No such batch." } } };
    },
  });
  const told: string[] = [];
  const onEvent = (event: JobEvent) => event.kind === "trouble" && told.push(event.message);
  const summary = await submitBatchFile(own.file, { client: own.client, pollSeconds: 0.1, onEvent });
  expect(summary).toMatchObject({ succeeded: 4, left: 0 });
  const said = expect.stringMatching(/was to look at batch_\w+, and refused: status 404: No such batch\.$/);
  expect(told).toEqual([said]);
});

test.concurrent.for(["azure", "custom"] as const)(
  "a file that %s could not take in stops the job with its reason, and is sent again when told to",
  async (provider) => {
    let isOff = true;
    await using own = await startOddService(4, {
      before: (call) =>
        isOff && isCreate(call) ? { status: 400, json: { error: { message: "Not so." } } } : undefined,
      after: (call, file) =>
        isOff && call.method === "GET" && /\/files\/[^/]+$/.test(call.path)
          ? { ...file, status: "Error", status_details: "No room for it." }
          : undefined,
    });
    const options = { client: own.client, provider, pollSeconds: 0.1 };
    const message = "The service could not take the file in: No room for it.";
    await expect(submitBatchFile(own.file, options)).rejects.toMatchObject({
      code: "batch_rejected",
      summary: { atService: 0, rejected: [{ part: 1, message }] },
    });
    isOff = false;
    expect(await submitBatchFile(own.file, options)).toMatchObject({ succeeded: 4, left: 0 });
    expect((await own.openai.files.list()).data).toEqual([]);
  },
);
