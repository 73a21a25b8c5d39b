import type { Inspection, InspectionOptions } from "../../api/index.js";
import { formatCount } from "../../errors/index.js";
import {
  type BatchLimits,
  type Fact,
  isPlainId,
  type Profile,
  type Refusals,
  type Trial,
} from "../../providers/index.js";
import { profileOf } from "../report/profile-of.js";
import type { ValidationTarget } from "../report/report-fields.js";

type Request = Readonly<Record<string, unknown>>;
type Body = Readonly<Record<string, unknown>>;

/** How the requests of a file are inspected that is to go somewhere. `openbatch serve` refuses what OpenAI does. */
export function toInspectionOptions(target: ValidationTarget): InspectionOptions {
  const { name, title, urls } = profileOf(target);
  if (target === "upload" || target === "openbatch") return { target };
  if (name === "openai" || name === "local") return { target: "upload" };
  return { target: "upload", service: { title, urls: urls.value, isUrlKnown: urls.isVerified } };
}

/** What one service refuses in a line that others take. Nothing, where it is OpenAI. */
export class ServiceCheck {
  readonly #title: string;
  readonly #limits: BatchLimits;
  readonly #refusals: Refusals;
  readonly #trial: Trial | undefined;

  constructor({ title, limits, refusals, trial }: Profile) {
    this.#title = title;
    this.#limits = limits;
    this.#refusals = refusals;
    this.#trial = trial?.value;
  }

  /** Whether bodies have to be looked at. */
  get #isChoosy(): boolean {
    const { parameters, onlyModels } = this.#refusals;
    return parameters !== undefined || onlyModels !== undefined || this.#trial !== undefined;
  }

  /** Whether a blank line is refused, and not only told of. */
  get refusesBlankLines(): boolean {
    return this.#refusals.blankLines?.isVerified === true;
  }

  inspect({ custom_id, url }: Request, body: Body | undefined, at: Inspection): void {
    if (this.#limits.ids !== undefined && typeof custom_id === "string") {
      at.inside("custom_id", () => this.#inspectId(custom_id, at));
    }
    if (body === undefined || !this.#isChoosy) return;
    at.enter("body");
    this.#inspectParameters(body, at);
    this.#inspectModel(body.model, at);
    this.#inspectTrial(url, body.model, at);
    at.leave();
  }

  inspectLength(bytes: number, at: Inspection): void {
    const { lineBytes } = this.#limits;
    if (lineBytes === undefined || bytes <= lineBytes.value) return;
    const message = `${formatCount(bytes)} bytes are over the limit of ${formatCount(lineBytes.value)} for one line at ${this.#title}.`;
    report(lineBytes, at, ["line_too_long", message, "Make the request smaller."]);
  }

  #inspectId(id: string, at: Inspection): void {
    const { ids } = this.#limits;
    if (ids === undefined || id === "") return;
    const { minLength, maxLength, isPlain } = ids.value;
    if (id.length < minLength || id.length > maxLength) {
      const limit = id.length < minLength ? `at least ${minLength}` : `at most ${maxLength}`;
      const message = `${this.#title} takes ids of ${limit} characters; this one has ${id.length}.`;
      report(ids, at, ["non_portable_custom_id", message, `Use ${limit} characters.`]);
    } else if (isPlain && !isPlainId(id)) {
      report(ids, at, ["non_portable_custom_id", `${this.#title} refuses such an id.`]);
    }
  }

  #inspectParameters(body: Body, at: Inspection): void {
    const { parameters } = this.#refusals;
    for (const name of parameters?.value ?? []) {
      if (parameters === undefined || body[name] === undefined || body[name] === null) continue;
      at.inside(name, () =>
        report(parameters, at, ["refused_by_model", `${this.#title} refuses it.`, "Leave it out."]),
      );
    }
  }

  /** Models come and go: a list of them never refuses one. */
  #inspectModel(model: unknown, at: Inspection): void {
    const { onlyModels } = this.#refusals;
    if (onlyModels === undefined || typeof model !== "string" || onlyModels.value.includes(model)) return;
    const message = `batches of ${this.#title} are said to take only ${onlyModels.value.join(" and ")}.`;
    at.inside("model", () =>
      report({ isVerified: false }, at, ["refused_by_model", message, "Use one of these."]),
    );
  }

  /** What is tried out and what is meant to be answered don't mix; no page says what becomes of it. */
  #inspectTrial(url: unknown, model: unknown, at: Inspection): void {
    const trial = this.#trial;
    if (trial === undefined || typeof model !== "string") return;
    if ((url === trial.url) === (model === trial.model)) return;
    const message = `${this.#title} has the model "${trial.model}" for the url ${trial.url}, and for no other.`;
    at.inside("model", () =>
      at.warning("refused_by_model", message, "Use both to try a batch out, or neither."),
    );
  }
}

type Report = Parameters<Inspection["error"]>;

/** What nobody has confirmed warns, and refuses nothing. */
function report({ isVerified }: Pick<Fact<unknown>, "isVerified">, at: Inspection, problem: Report): void {
  if (isVerified) at.error(...problem);
  else at.warning(...problem);
}
