import type { CheckedUpload, ServedBatch, ServiceMachines, ServiceState } from "../../wire/service.js";
import { type Ask, assertDone, readJson } from "../ask.js";

/** What can be taken away of a batch. */
export type DownloadKind = "output" | "errors" | "csv" | "xlsx";

/** What the page has from a server of batches, and asks it to do. */
export interface ServiceData {
  /** The newest batches and files, at most so many of each. */
  readonly state: (most: number) => Promise<ServiceState>;
  /** `null` where there is no such batch. */
  readonly batch: (id: string) => Promise<ServedBatch | null>;
  /** Who executes batches. */
  readonly machines: () => Promise<ServiceMachines>;
  /** Sends a batch file to be looked at. Nothing is made of it. */
  readonly check: (file: File, signal: AbortSignal) => Promise<CheckedUpload>;
  /** Makes a batch of a file that was looked at. Gives its id. */
  readonly create: (upload: string) => Promise<string>;
  readonly discard: (upload: string) => Promise<void>;
  readonly cancel: (batch: string) => Promise<void>;
  /** Makes a batch of what failed. Gives its id. */
  readonly retry: (batch: string) => Promise<string>;
  readonly download: (batch: string, kind: DownloadKind) => Promise<void>;
}

/** No page of another place can send it: the server would have to allow that. */
const sign = { "x-openbatch": "1" };

export function createServiceData(ask: Ask): ServiceData {
  const act = async <Value>(path: string): Promise<Value> => {
    const headers = { ...sign, "content-type": "application/json" };
    return readJson(await ask(path, [], { method: "POST", headers, body: "{}" }));
  };
  const of = (room: string, id: string, action: string) => `${room}/${encodeURIComponent(id)}/${action}`;
  return {
    state: async (most) => readJson(await ask("batches", [["most", String(most)]])),
    batch: async (id) => {
      const answer = await ask(`batches/${encodeURIComponent(id)}`);
      return answer.status === 404 ? null : readJson(answer);
    },
    machines: async () => readJson(await ask("machines")),
    check: async (file, signal) => {
      const body = new FormData();
      body.append("file", file, file.name);
      return readJson(await ask("uploads", [], { method: "POST", headers: sign, body, signal }));
    },
    create: async (id) => (await act<{ batch: string }>(of("uploads", id, "create"))).batch,
    discard: (id) => act(of("uploads", id, "discard")),
    cancel: (id) => act(of("batches", id, "cancel")),
    retry: async (id) => (await act<{ batch: string }>(of("batches", id, "retry"))).batch,
    download: async (id, kind) => {
      const answer = await ask(of("batches", id, "download"), [["as", kind]]);
      await assertDone(answer);
      save(await answer.blob(), readName(answer));
    },
  };
}

function readName(answer: Response): string {
  const header = answer.headers.get("content-disposition") ?? "";
  const encoded = /filename\*=UTF-8''([^;]+)/.exec(header)?.[1];
  if (encoded !== undefined) return decodeURIComponent(encoded);
  return /filename="([^"]+)"/.exec(header)?.[1] ?? "download";
}

/** A link cannot carry the key of the page: so what came is handed to the browser to be saved. */
function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
