import { isObject } from "../../api/index.js";
import { toLineText } from "../../batch-file/index.js";
import { tryParseJson } from "../../jsonl/index.js";
import { type LineTranslator, writeOurLine } from "../../providers/index.js";
import type { PartRecord } from "../record/job-record.js";
import type { PartPlace } from "./part-requests.js";

/** Gives a line of the service as one of ours; as it stands, where it is none of the part. */
export type ToOurLine = (bytes: Buffer, number: number) => Buffer;

export interface ResultTranslationOptions extends PartPlace {
  readonly translator: LineTranslator;
  readonly part: PartRecord;
  /** Where the service's lines are kept, from the folder of the results file on. */
  readonly file: string;
  readonly idOf: (line: number) => string | undefined;
}

export function createResultTranslation(options: ResultTranslationOptions): ToOurLine {
  const { translator, part, file, catalogue } = options;
  const created = Math.floor(Date.parse(part.ended_at ?? part.since) / 1000);
  return (bytes, number) => {
    const value = tryParseJson(toLineText(bytes));
    const request = isObject(value) ? findRequest(value, options) : undefined;
    if (!isObject(value) || request === undefined) return bytes;
    const { line, custom_id } = request;
    const isNative = catalogue.table.isNative(line);
    const ours = writeOurLine(translator, value, {
      custom_id,
      isNative,
      created,
      source: { file, line: number },
    });
    return ours === undefined ? bytes : Buffer.from(ours);
  };
}

/** The request that a line of results is of, by the user's own id. */
function findRequest(
  value: Readonly<Record<string, unknown>>,
  { translator, part, batchFile, idOf }: ResultTranslationOptions,
): { readonly line: number; readonly custom_id: string } | undefined {
  const id = translator.readResultId(value);
  if (id === undefined) return undefined;
  if (part.ids !== "numbers") {
    const line = batchFile.find(id);
    return line === undefined ? undefined : { line, custom_id: id };
  }
  const line = /^r[1-9]\d*$/.test(id) ? Number(id.slice(1)) : 0;
  const isThere = line > 0 && line <= batchFile.lines && !batchFile.isBlank(line);
  const custom_id = isThere ? idOf(line) : undefined;
  return custom_id === undefined ? undefined : { line, custom_id };
}
