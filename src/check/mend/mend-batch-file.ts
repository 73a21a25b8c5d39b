import { createHash, type Hash } from "node:crypto";
import { closeSync, createReadStream } from "node:fs";
import { type FileHandle, lstat, realpath, stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { assertOptions, flagOption, type OptionRules, signalOption } from "../../api/index.js";
import { maxLineBytes } from "../../batch-file/index.js";
import { isSystemError, OpenbatchError } from "../../errors/index.js";
import { openBytes, openSource, replaceFile, toPath } from "../../files/index.js";
import { LineScanner } from "../../jsonl/index.js";
import type { FixBatchFileOptions } from "./fix-options.js";
import { FixReport } from "./fix-report.js";
import { keepBackup, keepTornLine, toFixedPath } from "./kept-files.js";
import { LineMender } from "./line-mender.js";

const rules: OptionRules<FixBatchFileOptions> = {
  inPlace: { ...flagOption, flag: "--in-place" },
  output: {
    isValid: (value) => typeof value === "string" || value instanceof URL,
    expected: "a path or a file URL",
  },
  signal: signalOption,
};

type Write = (bytes: Buffer) => Promise<void>;

const lineEnd = Buffer.from("\n");

/** `fixBatchFile`, once it is loaded. */
export async function mendBatchFile(path: string | URL, options: FixBatchFileOptions): Promise<FixReport> {
  assertOptions(options, rules);
  const file = toPath(path);
  await assertCanFix(file, options);
  const { changes } = await mendLines(file, options);
  if (changes.length === 0) return new FixReport({ file, changes });
  try {
    return await (options.inPlace ? fixInPlace(file, options) : fixBeside(file, options));
  } catch (error) {
    throw withHintOfFix(error);
  }
}

function withHintOfFix(error: unknown): unknown {
  if (!(error instanceof OpenbatchError) || error.code !== "disk_full") return error;
  const hint = "Make room, then run the same again. The file is as it was.";
  return new OpenbatchError(error.code, error.message, { hint, cause: error });
}

async function assertCanFix(file: string, { inPlace, output }: FixBatchFileOptions): Promise<void> {
  if (inPlace && output !== undefined) {
    throw new OpenbatchError("invalid_option", "inPlace and output exclude each other.");
  }
  const input = await openSource(file);
  if (input.kind === "plain") return closeSync(input.fd);
  if (input.kind === "pipe") {
    const hint = "Save it to a file first.";
    throw new OpenbatchError("invalid_option", `${file} cannot be read twice, so it cannot be fixed.`, {
      hint,
    });
  }
  if (!inPlace) return;
  const hint = "Fix it without inPlace (--in-place): the fixed file is written beside it, as plain text.";
  throw new OpenbatchError("invalid_option", `${file} is compressed, so it cannot be fixed in place.`, {
    hint,
  });
}

async function fixBeside(file: string, options: FixBatchFileOptions): Promise<FixReport> {
  const output = options.output === undefined ? toFixedPath(file) : toPath(options.output);
  let torn: string | undefined;
  const mender = new LineMender();
  await replaceFile(output, async (beside) => {
    const written = createHash("sha256");
    await mendLines(file, options, { mender, write: toWrite(beside, written) });
    await assertFree(output, written.digest("hex"));
    if (mender.torn !== undefined) torn = await keepTornLine(file, mender.torn);
  });
  return new FixReport({ file, output, ...(torn === undefined ? {} : { torn }), changes: mender.changes });
}

async function fixInPlace(file: string, options: FixBatchFileOptions): Promise<FixReport> {
  const place = await findPlace(file);
  const { mode } = await stat(place);
  let torn: string | undefined;
  let backup = "";
  const mender = new LineMender();
  await replaceFile(place, async (beside) => {
    await mendLines(file, options, { mender, write: toWrite(beside) });
    await beside.chmod(mode);
    if (mender.torn !== undefined) torn = await keepTornLine(place, mender.torn);
    backup = await keepBackup(place);
  });
  const paths = { output: file, backup, ...(torn === undefined ? {} : { torn }) };
  return new FixReport({ file, ...paths, changes: mender.changes });
}

/** Where the file really is; the path as it was given, unless it is a link. */
async function findPlace(file: string): Promise<string> {
  return (await lstat(file)).isSymbolicLink() ? realpath(file) : file;
}

/** Refuses to write over a file that is there, unless it is the same. */
async function assertFree(output: string, digest: string): Promise<void> {
  const found = createHash("sha256");
  try {
    await pipeline(createReadStream(output), found);
  } catch (error) {
    if (isSystemError(error) && error.code === "ENOENT") return;
    throw error;
  }
  if (found.digest("hex") === digest) return;
  throw new OpenbatchError(
    "file_exists",
    `${output} is there already, and is not what the fix would write.`,
    {
      hint: "Remove it or rename it, then fix again; or fix in place: inPlace (--in-place).",
    },
  );
}

interface MendOptions {
  readonly mender: LineMender;
  readonly write: Write;
}

const intoNothing = (): MendOptions => ({ mender: new LineMender(), write: async () => {} });

async function mendLines(
  file: string,
  { signal }: FixBatchFileOptions,
  { mender, write }: MendOptions = intoNothing(),
): Promise<LineMender> {
  let mended: Buffer[] = [];
  const scanner = new LineScanner(
    (line) => {
      const bytes = mender.mend(line);
      if (bytes !== undefined) mended.push(Buffer.from(bytes), lineEnd);
    },
    { maxLineBytes },
  );
  for await (const chunk of openBytes(file, signal === undefined ? {} : { signal })) {
    scanner.push(chunk);
    await write(Buffer.concat(mended));
    mended = [];
  }
  scanner.end();
  await write(Buffer.concat(mended));
  return mender;
}

function toWrite(file: FileHandle, written?: Hash): Write {
  return async (bytes) => {
    written?.update(bytes);
    await file.writeFile(bytes);
  };
}
