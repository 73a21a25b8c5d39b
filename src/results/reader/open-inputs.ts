import { OpenbatchError } from "../../errors/index.js";
import { type OpenFile, openFile } from "../../files/index.js";
import type { ProfileName } from "../../providers/index.js";
import type { OpenResultsOptions } from "./read-results-options.js";

/** The files of a batch, open. */
export interface Inputs {
  readonly requests: OpenFile | undefined;
  /** Each file once, in the order in which they were given. */
  readonly results: readonly OpenFile[];
  close(): void;
}

/** @throws OpenbatchError for a file that cannot be opened, or that is both the batch file and a results file. */
export async function openInputs({
  requests,
  results,
  from,
  signal,
}: Pick<OpenResultsOptions, "requests" | "results" | "from" | "signal">): Promise<Inputs> {
  const opened = new Map<string, OpenFile>();
  const open = async (path: string | URL): Promise<OpenFile> => {
    const file = await openFile(path, { signal });
    const other = opened.get(file.identity);
    if (other === undefined) opened.set(file.identity, file);
    else file.close();
    return other ?? file;
  };
  const close = (): void => {
    for (const file of opened.values()) file.close();
  };
  try {
    const batchFile = requests === undefined ? undefined : await open(requests);
    const files = new Set<OpenFile>();
    for (const path of toList(results)) files.add(await open(path));
    if (from !== undefined)
      return await openTranslated({ requests: batchFile, results: [...files], close }, { from, signal });
    if (batchFile !== undefined && files.has(batchFile)) throw toSameFileError(batchFile);
    return { requests: batchFile, results: [...files], close };
  } catch (error) {
    close();
    throw error;
  }
}

interface TranslationOptions {
  readonly from: ProfileName;
  readonly signal: AbortSignal | undefined;
}

/** Lines of a service that are not the Batch API's are read as if they were. */
async function openTranslated(
  { requests, results, close }: Inputs,
  options: TranslationOptions,
): Promise<Inputs> {
  const { translateResults } = await import("./translate-results.js");
  const translated: OpenFile[] = [];
  const closeTranslated = (): void => {
    for (const file of translated) file.close();
  };
  try {
    for (const file of results) translated.push(await translateResults(file, { requests, ...options }));
    const closeAll = (): void => {
      closeTranslated();
      close();
    };
    return { requests, results: translated, close: closeAll };
  } catch (error) {
    closeTranslated();
    throw error;
  }
}

function toList(results: OpenResultsOptions["results"]): readonly (string | URL)[] {
  return typeof results === "string" || results instanceof URL ? [results] : results;
}

function toSameFileError({ name }: OpenFile): OpenbatchError {
  return new OpenbatchError(
    "not_a_results_file",
    `${name} is given as the batch file and as a results file; it cannot be both.`,
    { hint: "Name the output file and the error file of the batch as results (--results)." },
  );
}
