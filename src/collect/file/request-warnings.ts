import type { Endpoint } from "../../api/index.js";
import type { Problem } from "../../errors/index.js";
import type { Format } from "../../format/index.js";
import type { CollectorOptions, CollectorWarning } from "./collector-options.js";

/** Gives out what may be said about requests: to `onWarning`, or each code once as a process warning. */
export class RequestWarnings {
  readonly #onWarning: CollectorOptions["onWarning"];
  readonly #saidCodes = new Set<string>();
  readonly #saidFormats = new WeakSet<Format>();

  constructor(onWarning: CollectorOptions["onWarning"]) {
    this.#onWarning = onWarning;
  }

  say(warning: CollectorWarning): void {
    if (this.#onWarning !== undefined) return this.#onWarning(warning);
    const { custom_id, code, path, message, hint } = warning;
    if (this.#saidCodes.has(code)) return;
    this.#saidCodes.add(code);
    const place = path === "" ? "" : `${path}: `;
    process.emitWarning(`request ${JSON.stringify(custom_id)}: ${place}${message} ${hint}`, {
      type: "OpenbatchWarning",
      code,
      detail: "Said once for each code; use the option onWarning to get all.",
    });
  }

  /** Says once what of a format's schema may be refused or is not sent, as far as it was not said of the request. */
  sayOfSchema(
    format: Format,
    { custom_id, url }: { readonly custom_id: string; readonly url: Endpoint },
    said: readonly Problem[],
  ): void {
    if (this.#saidFormats.has(format)) return;
    this.#saidFormats.add(format);
    const path =
      url === "/v1/responses" ? "body.text.format.schema" : "body.response_format.json_schema.schema";
    for (const { pointer, message, ...warning } of format.warnings) {
      if (said.some((problem) => problem.path === path && problem.message.endsWith(`${pointer}: ${message}`)))
        continue;
      this.say({ ...warning, message: `${pointer}: ${message}`, path, custom_id });
    }
  }
}
