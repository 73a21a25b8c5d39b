import { lstatSync, readlinkSync, realpathSync, type Stats, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { isSystemError, OpenbatchError, toFileError } from "../errors/index.js";
import { makeFolder } from "./make-folder.js";
import { toLockFile, toRecordFile } from "./run-files.js";

/** The files of a run. */
export interface RunPaths {
  /** The results file, by the one path that all its names lead to. */
  readonly output: string;
  readonly record: string;
  /** The record beside the results file as that was named. */
  readonly recordName: string;
  readonly lock: string;
}

/**
 * Where the results go, and the record and the lock beside them. Makes the folder, as the collector does.
 * @throws OpenbatchError `invalid_option` where that is the batch file itself.
 */
export function toRunPaths(output: string, batchFile: string): RunPaths {
  if (output === "-") {
    throw new OpenbatchError("invalid_option", "Results go to a file, not to standard output.", {
      hint: "A run goes on from its results file: name one with output (--output FILE).",
    });
  }
  assertRegularFile(output);
  const path = toRealPath(resolve(output), output);
  if (path === realpathSync(batchFile)) {
    throw new OpenbatchError("invalid_option", `${output} is the batch file, and was to take the results.`, {
      hint: "Write the results to another path: output (--output FILE).",
    });
  }
  if (/\.gz$/i.test(path)) {
    throw new OpenbatchError(
      "invalid_option",
      `${output}: results are not compressed while they are written.`,
      {
        hint: "Write them to a name that ends in .jsonl: output (--output FILE).",
      },
    );
  }
  assertOneName(path, output);
  const record = toRecordFile(path);
  const isLink = lstatSync(output, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return {
    output: path,
    record,
    recordName: isLink ? record : toRecordFile(output),
    lock: toLockFile(record),
  };
}

/** A run goes on from its results file, so that it must be able to read it again. */
function assertRegularFile(path: string): void {
  let stats: Stats | undefined;
  try {
    stats = statSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    throw toFileError(cause, "open", path);
  }
  if (stats === undefined || stats.isFile()) return;
  const kind = stats.isDirectory() ? "a folder" : "a terminal, a pipe or a device";
  throw new OpenbatchError("not_a_file", `The results cannot be written to ${path}: it is ${kind}.`, {
    hint: "A run goes on from its results: name a regular file with output (--output FILE).",
  });
}

/** Two runs on one file are kept apart by its path: under another name, a hard link, they could not be. */
function assertOneName(path: string, name: string): void {
  const links = statSync(path, { throwIfNoEntry: false });
  if (links === undefined || !links.isFile() || links.nlink <= 1) return;
  throw new OpenbatchError(
    "invalid_option",
    `${name} has ${links.nlink} names (hard links): two runs could write it at once.`,
    { hint: "Copy it, and name the copy: output (--output FILE)." },
  );
}

/** What a path leads to when every link is followed, also where nothing is there yet. */
function toRealPath(path: string, name: string): string {
  try {
    return realpathSync(path);
  } catch (cause) {
    if (!isSystemError(cause) || cause.code !== "ENOENT") throw toFileError(cause, "open", name);
  }
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
    return toRealPath(resolve(dirname(path), readlinkSync(path)), name);
  }
  const folder = dirname(path);
  makeFolder(folder);
  return join(realpathSync(folder), basename(path));
}
