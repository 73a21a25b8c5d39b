import { type LineBytes, LineWalker, toHeadKind } from "../../batch-file/index.js";
import { OpenbatchError } from "../../errors/index.js";
import type { OpenFile } from "../../files/index.js";
import type { Asked } from "../answer/asked.js";
import type { Ledger } from "./ledger.js";
import type { ReadingPace } from "./reading-pace.js";
import type { RequestLineReader } from "./request-line-reader.js";
import type { StrayList } from "./stray-list.js";

export interface IndexRequestsOptions {
  readonly ledger: Ledger;
  readonly reader: RequestLineReader;
  readonly strays: StrayList;
  readonly pace: ReadingPace;
}

/**
 * Makes an entry for each request of a batch file whose id can be read.
 * @throws OpenbatchError `not_a_batch_file` for a file that begins with a result, or holds no request at all.
 */
export async function indexRequests(file: OpenFile, options: IndexRequestsOptions): Promise<void> {
  const { pace } = options;
  const lines = new LineWalker(file, { shapes: options.reader.shapes });
  let isEmpty = true;
  for (let position = 0; lines.fill(); position = lines.position) {
    if (isEmpty) isEmpty = !indexFirst(file, lines, options);
    while (lines.next()) indexLines(file, lines, options);
    if (position === 0) reserve(file, lines, options.ledger);
    pace.addBytes(lines.position - position);
    if (pace.isDue) await pace.pause();
  }
  if (isEmpty || options.ledger.size > 0) return;
  throw new OpenbatchError("not_a_batch_file", `No line of ${file.name} is a request with a custom_id.`, {
    hint: "Name the batch file that the results are of as requests.",
  });
}

/** Of more it is not known whether they come: the first lines may be short. */
const maxReserved = 2 ** 20;

/** Makes room for so many requests as there are, should they all be as long as the first. */
function reserve({ bytes }: OpenFile, { number, nextOffset }: LineWalker<Asked>, ledger: Ledger): void {
  if (number > 0) ledger.reserve(Math.min(maxReserved, Math.ceil((bytes / nextOffset) * number)));
}

function assertRequest({ name }: OpenFile, { buffer, start, end }: LineBytes): void {
  if (toHeadKind(buffer.subarray(start, end)) !== "result") return;
  throw new OpenbatchError("not_a_batch_file", `${name} holds results, not requests.`, {
    hint: "Name it as results (--results), and the batch file as requests.",
  });
}

/** Goes on to the first line that is not blank. Whether there is one in what was read. */
function indexFirst(file: OpenFile, lines: LineWalker<Asked>, options: IndexRequestsOptions): boolean {
  while (lines.next()) {
    if (lines.isBlank) continue;
    assertRequest(file, lines);
    indexLine(file, lines, options);
    return true;
  }
  return false;
}

/** The line at which a walk stands, and those behind it as far as they are taken with it. */
function indexLines(file: OpenFile, lines: LineWalker<Asked>, options: IndexRequestsOptions): void {
  const { run, runLength: count, shaped, buffer, start, offset, number: line } = lines;
  const taken =
    shaped === undefined || count === 0
      ? 0
      : options.ledger.addRun({ run, count, buffer, start, offset, line }, shaped.known);
  if (taken > 0) lines.skip(taken - 1);
  else if (!lines.isBlank) indexLine(file, lines, options);
}

function indexLine(
  { name }: OpenFile,
  lines: LineWalker<Asked>,
  { ledger, reader, strays }: IndexRequestsOptions,
): void {
  const { number: line, offset, length } = lines;
  reader.readWalked(lines);
  const { id, asked } = reader;
  if (id === undefined) strays.add({ file: name, line, kind: "broken_request" });
  else if (ledger.find(id) !== undefined)
    strays.add({ file: name, line, kind: "duplicate_request", custom_id: id.text });
  else ledger.add(id, { offset, length, line }, asked);
}
