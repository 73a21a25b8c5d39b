import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { constants, gunzipSync } from "node:zlib";
import { OpenbatchError, toFileError } from "../../errors/index.js";
import { isRehearsalFile, toRunFiles } from "../../execute.js";

/** The files that results are read from. */
export interface ResultsInputs {
  /** As it was named. */
  readonly file: string;
  /** The batch file, if there is one. */
  readonly requests: string | undefined;
  readonly results: readonly string[];
  /** Whether the results are those of a rehearsal, which are made up. */
  readonly isRehearsal: boolean;
}

/** Tells which files are meant: of a batch file alone, the results file that a run has written beside it. */
export async function findInputs(file: string, named: readonly string[] = []): Promise<ResultsInputs> {
  if (file === "-" || (await isResultsFile(file))) {
    return {
      file,
      requests: undefined,
      results: distinct([file, ...named]),
      isRehearsal: isRehearsalFile(file),
    };
  }
  const results = named.length > 0 ? distinct(named) : [findBeside(file)];
  return { file, requests: file, results, isRehearsal: results.some(isRehearsalFile) };
}

function distinct(paths: readonly string[]): readonly string[] {
  return [...new Map(paths.map((path) => [path === "-" ? path : resolve(path), path])).values()];
}

/** What `openbatch run` has written: the results, or else those of a rehearsal. */
function findBeside(file: string): string {
  const { results, rehearsal } = toRunFiles(file);
  const candidates = [results, rehearsal];
  const found = candidates.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new OpenbatchError(
    "file_not_found",
    `There are no results beside ${file}: neither ${candidates.join(" nor ")}.`,
    {
      hint: "Name the results files: --results output.jsonl --results errors.jsonl; or run the batch file first: openbatch run.",
    },
  );
}

const lookedAtBytes = 1_048_576;

/** The first key that only a result or only a request has tells which of the two a file holds. */
const tellingKey = /"(?:(response|error)|method|url|body)"\s*:/;

async function isResultsFile(path: string): Promise<boolean> {
  return tellingKey.exec(await readHead(path))?.[1] !== undefined;
}

async function readHead(path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(lookedAtBytes), 0, lookedAtBytes, 0);
      return decompress(buffer.subarray(0, bytesRead)).toString("utf8");
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw toFileError(cause, "read", path);
  }
}

/** As much as can be had of what may be the beginning of a compressed file. */
function decompress(head: Buffer): Buffer {
  if (head[0] !== 0x1f || head[1] !== 0x8b) return head;
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 64 * lookedAtBytes });
  } catch {
    // Whoever reads it whole says what is wrong with it.
    return Buffer.alloc(0);
  }
}
