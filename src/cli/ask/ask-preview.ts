import { countOf, formatCount, toPlainText } from "../../errors/index.js";
import { type BatchPlan, type PlannedPrice, toDollars } from "../../plan.js";
import type { BuildOutcome } from "../build/build-requests.js";
import { wrapText } from "../frame/wrap-text.js";
import { withoutSecrets } from "../run/run-flags.js";
import type { AnswerKind } from "./answer-kind.js";
import type { AskFlags } from "./ask-flags.js";
import type { AskServer } from "./ask-server.js";
import type { Pending } from "./find-pending.js";
import { settingsFile } from "./settings-file.js";

export interface PreviewOptions {
  readonly table: string;
  readonly flags: AskFlags;
  readonly server: AskServer;
  readonly kind: AnswerKind;
  readonly built: BuildOutcome;
}

/** What would be sent, for whoever is to say yes to it. */
export function toPreview(pending: Pending, options: PreviewOptions): string {
  const { requests, prompts, plan } = pending;
  const { server, kind, flags } = options;
  if (requests === 0) return `${toRows(pending, options)}\n`;
  const lines = [
    toRows(pending, options),
    "",
    ...prompts.flatMap((prompt) => [...toPromptLines(prompt), ""]),
    `Answer: ${toPlainText(kind.words)}`,
    flags.rehearse ? "In rehearsal: answers are made up, and nothing is sent." : toTarget(server, flags),
    ...(plan === undefined ? [] : toCost(plan, flags)),
  ];
  return `${lines.join("\n")}\n`;
}

function toRows({ requests, left, done }: Pending, { table, built }: PreviewOptions): string {
  const { rows, shared, leftOut } = built;
  const parts = [
    `${toPlainText(table)}: ${countOf(rows, "row")}`,
    ...(leftOut > 0 ? [`${formatCount(leftOut)} left out as blank`] : []),
    ...(shared > 0 ? [`${formatCount(shared)} the same as others`] : []),
    ...(done > 0 ? [`${formatCount(done)} answered before`] : []),
    requests === 0 ? "nothing to send" : `${countOf(requests, "request")} to send`,
    ...(left > 0 ? [`${formatCount(left)} left for later`] : []),
  ];
  return parts.join(", ");
}

const promptWidth = 76;
const promptLines = 6;
/** In units of UTF-16: a family of emoji. */
const longestLetter = 16;

/** A prompt as it is sent, cut to a few lines. */
function toPromptLines(prompt: string): readonly string[] {
  // More is not shown, however wide its letters are.
  const lines = wrapText(prompt.slice(0, promptWidth * (promptLines + 1) * longestLetter), promptWidth);
  const shown = lines.slice(0, promptLines);
  const more = lines.length > shown.length ? [`… (${countOf(prompt.length, "character")})`] : [];
  return [...shown, ...more].map((line) => `  │ ${line}`.trimEnd());
}

function toTarget({ model, baseURL, isFromFile }: AskServer, { batch }: AskFlags): string {
  const how = batch ? ", through its Batch API" : "";
  const who = isFromFile ? `, as ${settingsFile} says` : "";
  return `To: ${toPlainText(model)} at ${toPlainText(withoutSecrets(baseURL ?? ""))}${how}${who}`;
}

function toCost({ tokens, price, directPrice }: BatchPlan, { rehearse, batch }: AskFlags): readonly string[] {
  if (tokens === undefined) return [];
  const { input, outputAtMost, isExact } = tokens;
  const most = outputAtMost === undefined ? "" : `, at most ${formatCount(outputAtMost)} out`;
  const counted = `Tokens: ${isExact ? "" : "~"}${formatCount(input)} in${most}`;
  return rehearse ? [counted] : [counted, `Price: ${toPriceText(batch ? price : directPrice)}`];
}

function toPriceText(price: PlannedPrice | undefined): string {
  if (price === undefined) return "not known of this model; to give one: --price INPUT,OUTPUT";
  const { input, atMost } = price;
  return atMost === undefined
    ? `${toDollars(input)} and the answers`
    : `${toDollars(input)} to ${toDollars(atMost)}`;
}
