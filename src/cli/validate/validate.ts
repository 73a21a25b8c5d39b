import type { Command } from "commander";
import { OpenbatchError, quoteArgument } from "../../errors/index.js";
import {
  type FixReport,
  findProfile,
  fixBatchFile,
  type ValidationReport,
  type ValidationTarget,
  validateBatchFile,
} from "../../index.js";
import { assertNoTable } from "../frame/assert-no-table.js";
import type { CommandIo } from "../frame/command.js";
import { ExitCode } from "../frame/exit-code.js";
import { toFlagWords } from "../frame/flag-words.js";
import { collectNames, toCount } from "../frame/option-values.js";
import { createProgress } from "../frame/progress.js";
import { toJsonText } from "../frame/quoting.js";
import { reportError, toErrorFields } from "../frame/report-error.js";
import { sayOut } from "../frame/say.js";
import { wrongUsage } from "../frame/wrong-usage.js";

interface ValidateFlags {
  readonly for: string;
  readonly strict?: true;
  readonly allowUnknown?: readonly string[];
  readonly maxFindings?: number;
  readonly workers?: number;
  readonly fix?: true;
  readonly inPlace?: true;
  readonly json?: true;
}

interface CheckFlags extends ValidateFlags {
  readonly for: ValidationTarget;
}

/** What became of one file, for `--json`. */
interface CheckedFile {
  readonly file: string;
  readonly report?: ValidationReport;
  readonly fix?: FixReport;
  readonly error?: unknown;
  readonly exitCode: ExitCode;
}

const listedFindings = 50;

export function define(command: Command): void {
  command
    .argument("<file...>", 'batch files to check; "-" is standard input, gzip is decompressed')
    .option(
      "--for <target>",
      "upload: the files are uploaded to OpenAI as they are; openbatch: openbatch plan cuts them, or openbatch run " +
        "sends them request by request; a service: they are uploaded there (groq, azure, …: docs/providers.md)",
      "upload",
    )
    .option("--strict", "warnings fail too")
    .option(
      "--allow-unknown <names>",
      'parameters to let through, separated by commas, or "all" (may be repeated)',
      collectNames,
    )
    .option(
      "--max-findings <n>",
      `how many findings to list, all are counted (default: ${listedFindings}, with --json 1,000)`,
      toCount,
    )
    .option(
      "--workers <n>",
      "threads to use beside the first, for files above 150 MB (default: by cores)",
      toCount,
    )
    .option("--fix", "write what can be mended to NAME.fixed.jsonl, and check that")
    .option("--in-place", "as --fix, but in the place of the file, which is kept as NAME.jsonl.bak")
    .option("--json", "print one JSON object instead of text")
    .addHelpText(
      "after",
      `
Exit codes: 0 no error, 1 errors in a file (with --strict also warnings), 2 a file that cannot be read.

Examples:
  openbatch validate requests.jsonl
  openbatch validate --for openbatch --strict *.jsonl
  openbatch validate --for groq requests.jsonl
  openbatch validate --fix requests.jsonl
  zcat requests.jsonl.gz | openbatch validate --json -`,
    );
}

export async function run(command: Command, io: CommandIo): Promise<ExitCode> {
  const flags = command.opts<ValidateFlags>();
  if (command.args.filter((file) => file === "-").length > 1) {
    throw wrongUsage("Standard input is named twice.", 'Name "-" once.');
  }
  const target = toTarget(flags.for);
  const checked: CheckedFile[] = [];
  for (const file of command.args) {
    const one = await checkFile(file, { ...flags, for: target }, io);
    checked.push(one);
    if (!flags.json) printText(one, io);
  }
  const next = toNextCommand(checked);
  if (flags.json) printJson(checked, next, io);
  else if (next !== undefined) sayOut(io, `Next: ${next}\n`);
  const codes = checked.map(({ exitCode }) => exitCode);
  return codes.sort((one, other) => other - one)[0] ?? ExitCode.usage;
}

/** @throws OpenbatchError for what names no service. */
function toTarget(name: string): ValidationTarget {
  return name === "upload" || name === "openbatch" ? name : findProfile(name).name;
}

/** What to do with a file that can be used. */
function toNextCommand(checked: readonly CheckedFile[]): string | undefined {
  const [one, ...others] = checked;
  if (one === undefined || others.length > 0 || one.file === "-" || one.report?.isValid !== true)
    return undefined;
  return `openbatch run ${quoteArgument(one.fix?.output ?? one.file)} --rehearse`;
}

async function checkFile(file: string, flags: CheckFlags, io: CommandIo): Promise<CheckedFile> {
  try {
    assertNoTable(file);
    const fix = flags.fix || flags.inPlace ? await fixFile(file, flags, io) : undefined;
    const report = await validateFile(fix?.output ?? file, flags, io);
    return { file, report, ...(fix === undefined ? {} : { fix }), exitCode: toExitCode(report, flags) };
  } catch (error) {
    io.signal.throwIfAborted();
    return { file, error, exitCode: reportError(error, io, { json: false }) };
  }
}

async function fixFile(file: string, { inPlace }: ValidateFlags, { signal }: CommandIo): Promise<FixReport> {
  return fixBatchFile(file, { inPlace: inPlace === true, signal });
}

async function validateFile(file: string, flags: CheckFlags, io: CommandIo): Promise<ValidationReport> {
  const progress = createProgress(io, { label: "Checking", paths: [file], unit: "request" });
  const { workers, maxFindings = flags.json ? undefined : listedFindings } = flags;
  try {
    return await validateBatchFile(file, {
      target: flags.for,
      allowUnknownParameters: flags.allowUnknown?.includes("all") || (flags.allowUnknown ?? []),
      ...(maxFindings === undefined ? {} : { maxFindings }),
      ...(workers === undefined ? {} : { workers }),
      signal: io.signal,
      onProgress: ({ requests, bytes, totalBytes }) =>
        progress.update({
          count: requests,
          fraction: totalBytes === undefined ? undefined : bytes / totalBytes,
        }),
    });
  } finally {
    progress.finish();
  }
}

function toExitCode({ isValid, warnings }: ValidationReport, { strict }: ValidateFlags): ExitCode {
  return isValid && !(strict && warnings > 0) ? ExitCode.done : ExitCode.findings;
}

function printText({ fix, report }: CheckedFile, io: CommandIo): void {
  if (fix !== undefined) sayOut(io, `${fix}${toRemainderText(report)}\n`);
  if (report !== undefined)
    sayOut(io, `${toFlagWords(report.toString({ colors: io.colors.isColorSupported }))}\n`);
}

/** What a fix leaves to be mended by hand. */
function toRemainderText(report: ValidationReport | undefined): string {
  if (report === undefined || report.isValid) return "";
  return `    ${report.errors === 1 ? "1 error remains" : `${report.errors} errors remain`} that it cannot mend\n`;
}

function printJson(checked: readonly CheckedFile[], next: string | undefined, io: CommandIo): void {
  const files = checked.map(({ file, report, fix, error }) => ({
    ...(report?.toJSON() ?? { file, isValid: false }),
    ...(fix === undefined ? {} : { fix }),
    ...(error === undefined ? {} : { error: toFields(error) }),
  }));
  const isValid = checked.every(({ exitCode }) => exitCode === ExitCode.done);
  io.writeOut(`${toJsonText({ isValid, files, next }, 2)}\n`);
}

function toFields(error: unknown): object {
  return error instanceof OpenbatchError ? toErrorFields(error) : { code: "unexpected_failure" };
}
