import type { Command } from "commander";
import { countOf, OpenbatchError, toPlainLines } from "../../errors/index.js";
import type { CommandIo } from "../frame/command.js";
import { ExitCode } from "../frame/exit-code.js";
import { toFlagWords } from "../frame/flag-words.js";
import { reportError, toErrorFields } from "../frame/report-error.js";
import { sayError, sayNotes, sayOut } from "../frame/say.js";
import { assertNotRead, wrongUsage } from "../frame/wrong-usage.js";
import { type AnswerKind, toAnswerKind } from "./answer-kind.js";
import { type AskFlags, addAskOptions, assertAskFlags } from "./ask-flags.js";
import { AskFolder } from "./ask-folder.js";
import { toPreview } from "./ask-preview.js";
import { printAnswers } from "./ask-report.js";
import { type AskServer, assertCanSave, saveServer, toAskServer } from "./ask-server.js";
import { toAskTemplate } from "./ask-template.js";
import { assertAffordable } from "./assert-affordable.js";
import { assertSameQuestion } from "./assert-same-question.js";
import { buildAsked } from "./build-asked.js";
import { findPending, type Pending } from "./find-pending.js";
import { type SendingStop, sendAsked } from "./send-asked.js";
import { readAskSettings, type SavedSettings } from "./settings-file.js";
import { assertAnswersFit, toUnwritten, type WrittenAnswers, writeAnswers } from "./write-answers.js";

export const define: (command: Command) => void = addAskOptions;

export async function run(command: Command, io: CommandIo): Promise<ExitCode> {
  const flags = command.opts<AskFlags>();
  // Commander sees to it that they are there.
  const [table = "", question = ""] = command.args;
  assertAskFlags(table, flags);
  if (flags.save) assertCanSave(flags);
  const saved = await readAskSettings();
  const server = toAskServer(flags, saved);
  const kind = await toAnswerKind(flags);
  const ask = new Ask({ table, question, flags, saved, server, kind, io });
  try {
    return await ask.run();
  } catch (error) {
    // A row or a schema that cannot be asked with is no answer that cannot be used: nothing was sent.
    if (!(error instanceof OpenbatchError) || !refusals.includes(error.code)) throw error;
    reportError(error, io, { json: flags.json === true });
    return ExitCode.usage;
  }
}

const refusals: readonly string[] = ["row_failed", "invalid_schema"];

interface AskOptions {
  readonly table: string;
  readonly question: string;
  readonly flags: AskFlags;
  readonly saved: SavedSettings;
  readonly server: AskServer;
  readonly kind: AnswerKind;
  readonly io: CommandIo;
}

interface Prepared {
  readonly pending: Pending;
  /** Whether a job goes on that was begun before, with nothing new in it. */
  readonly goesOn: boolean;
}

/** One question about a table, from its rows to the answers beside them. */
class Ask {
  readonly #options: AskOptions;
  readonly #folder: AskFolder;

  constructor(options: AskOptions) {
    this.#options = options;
    this.#folder = new AskFolder(options.table, options.flags);
  }

  async run(): Promise<ExitCode> {
    const { flags, saved, io } = this.#options;
    const { pending, goesOn } = await this.#prepare();
    if (pending.requests > 0 && !goesOn && !(await this.#isConfirmed(pending))) {
      io.writeError("Nothing was sent. The same command asks again; --yes sends without asking.\n");
      return ExitCode.usage;
    }
    if (flags.save) await saveServer(flags, saved);
    return this.#send(pending);
  }

  /** Makes the requests, once it is known that nothing stands in the way of their answers. */
  async #prepare(): Promise<Prepared> {
    const { table, question, flags, server, kind, io } = this.#options;
    const folder = this.#folder;
    const template = toAskTemplate({ question, model: server.model, maxTokens: flags.maxTokens, kind });
    assertNotRead(folder.answers, [table]);
    await folder.assertAnswersOwn();
    await folder.open();
    const asked = { template, server, rehearse: flags.rehearse === true, force: flags.force === true };
    const outdatesRehearsal = await assertSameQuestion(folder, asked);
    const built = await buildAsked({ table, folder, template, flags, io }).catch(async (error) => {
      await folder.removeRefused();
      throw error;
    });
    if (outdatesRehearsal) await folder.removeRehearsal();
    await folder.acceptTemplate();
    await folder.claim();
    for (const { message, hint } of built.warnings)
      sayError(io, `warning: ${toPlainLines(toFlagWords(`${message} ${hint}`))}\n`);
    sayNotes(io, built.notes);
    const pending = await findPending(folder, { flags, server, io });
    if (pending.requests > 0) await assertAnswersFit(folder, { table, kind, flags, io });
    const preview = toPreview(pending, { table, flags, server, kind, built });
    if (flags.json) sayError(io, preview);
    else sayOut(io, preview);
    // Whoever began a job has said yes to what is in it.
    return { pending, goesOn: flags.batch === true && folder.hasJob && built.written === 0 };
  }

  /** Whoever is to pay says yes, or nothing is sent. */
  async #isConfirmed(pending: Pending): Promise<boolean> {
    const { flags, io } = this.#options;
    assertAffordable(pending, flags);
    // Nothing of a rehearsal is sent to anybody.
    if (flags.yes || flags.rehearse) return true;
    if (io.confirm === undefined)
      throw wrongUsage("Nothing was sent: there is no terminal to ask on.", "Say --yes to send.");
    return io.confirm(`Send ${countOf(pending.requests, "request")}?`);
  }

  async #send({ requests }: Pending): Promise<ExitCode> {
    const { table, flags, server, kind, io } = this.#options;
    const folder = this.#folder;
    const sent = requests > 0 ? await sendAsked(folder, { flags, server, io }) : undefined;
    const { output = folder.toOutput(flags), stop } = sent ?? {};
    let written: WrittenAnswers | undefined;
    try {
      written = await writeAnswers(folder, { table, output, kind, flags, io });
    } catch (error) {
      if (!(error instanceof OpenbatchError)) throw error;
      const code = reportError(toUnwritten(error, folder), io, { json: flags.json === true });
      if (stop !== undefined) return this.#endStopped(stop);
      return sent !== undefined && code === ExitCode.usage ? ExitCode.findings : code;
    }
    const error = stop === undefined ? undefined : toErrorFields(stop.error);
    await printAnswers(written, { table, folder, flags, server, io, error });
    return stop === undefined ? toExit(written, flags) : this.#endStopped(stop);
  }

  #endStopped({ error, exit }: SendingStop): ExitCode {
    reportError(error, this.#options.io, { json: false });
    return exit;
  }
}

function toExit(written: WrittenAnswers | undefined, { limit }: AskFlags): ExitCode {
  if (written === undefined) return ExitCode.findings;
  const { usable, counts } = written.summary;
  // What was not to be asked yet is no failure.
  const asked = limit === undefined ? counts.total : counts.total - counts.missing;
  return usable === asked ? ExitCode.done : ExitCode.findings;
}
