import { existsSync } from "node:fs";
import type { RowDetail } from "../wire/row-detail.js";
import type { SourceActivity } from "../wire/source-activity.js";
import type { SourceSummary } from "../wire/source-summary.js";
import { findGrownBytes, toFileStamp } from "./file-stamp.js";
import { FollowedSource } from "./followed-source.js";
import { ResultsSource } from "./results-source.js";
import type { FollowableSource, ViewSource } from "./view-source.js";

/** Files of a batch that somebody else writes, as they are at one time. */
export interface LiveFiles {
  /** What people call the batch. */
  readonly name: string;
  readonly isRehearsal: boolean;
  /** The batch file, where there is one. */
  readonly requests: LiveFile | undefined;
  /** Those of them that do not exist yet may come later. */
  readonly results: readonly LiveFile[];
  /** Whether what is missing may still come. */
  readonly mayStillCome: boolean;
}

export interface LiveFile {
  readonly path: string;
  /** What people call it, wherever it lies. */
  readonly name: string;
}

export interface LiveFilesOptions {
  /** Says how the files are now. */
  readonly find: () => Promise<LiveFiles>;
  readonly readActivity: () => Promise<SourceActivity>;
}

/**
 * Shows the results of a batch that somebody else keeps: under the names that people know, wherever the files lie.
 * @throws OpenbatchError where a file cannot be opened.
 */
export function openLiveFiles(
  id: string,
  { find, readActivity }: LiveFilesOptions,
): Promise<FollowableSource> {
  const causeNumbers = new Map<string, number>();
  return FollowedSource.open({
    readActivity,
    stamp: async () => toStamp(await find()),
    findGrowth: async (before, now) => {
      const { requests, results, mayStillCome } = await find();
      const bytes = findGrownBytes(before, now, (requests === undefined ? 0 : 1) + results.length - 1);
      return bytes === undefined ? undefined : { bytes, mayStillCome, times: undefined };
    },
    open: (readings) =>
      openAsFound(find, async (files) => {
        const { requests, results, mayStillCome } = files;
        const source = await ResultsSource.open({
          ...{ id, readings, causeNumbers, mayStillCome },
          requests: requests?.path,
          results: existing(results).map(({ path }) => path),
        });
        return withNames(source, files);
      }),
  });
}

/** So often files may be others by the time that they are opened. */
const mostMoves = 3;

/** Opens files where they are found. A batch that ends meanwhile has moved them: they are where they are found then. */
export async function openAsFound<Opened>(
  find: LiveFilesOptions["find"],
  open: (files: LiveFiles) => Promise<Opened>,
): Promise<Opened> {
  for (let moves = 0; ; moves += 1) {
    const files = await find();
    try {
      return await open(files);
    } catch (error) {
      if (moves === mostMoves || toPlaces(await find()) === toPlaces(files)) throw error;
    }
  }
}

function toPlaces({ requests, results, mayStillCome }: LiveFiles): string {
  return JSON.stringify([requests?.path, results.map(({ path }) => path), mayStillCome]);
}

function existing(files: readonly LiveFile[]): readonly LiveFile[] {
  return files.filter(({ path }) => existsSync(path));
}

function toStamp({ requests, results, mayStillCome }: LiveFiles): string {
  const paths = [...(requests === undefined ? [] : [requests]), ...results].map(({ path }) => path);
  return [...paths.map(toFileStamp), mayStillCome].join(" ");
}

function withNames(source: ViewSource, files: LiveFiles): ViewSource {
  const nameOf = (path: string | undefined): string | undefined =>
    files.results.find((file) => file.path === path)?.name;
  return {
    id: source.id,
    whenRead: source.whenRead,
    summary: (): SourceSummary => ({
      ...source.summary(),
      name: files.name,
      isRehearsal: files.isRehearsal,
      requests: files.requests?.name,
      results: source.summary().results.flatMap((path) => nameOf(path) ?? []),
    }),
    readPage: (query) => source.readPage(query),
    readDetail: async (...wanted): Promise<RowDetail | undefined> => {
      const detail = await source.readDetail(...wanted);
      return detail && { ...detail, file: nameOf(detail.file) };
    },
    readLine: (...wanted) => source.readLine(...wanted),
    readImage: (...wanted) => source.readImage(...wanted),
    extend: async (growth) => (await source.extend?.(growth)) === true,
    close: () => source.close(),
  };
}
