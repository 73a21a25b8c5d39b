import { isSuccessStatus } from "../outcome/index.js";
import { Secret } from "./secret.js";
import { SecretMask } from "./secret-mask.js";

const secretName = /authorization|\bauth\b|cookie|credential|key|password|secret|token/i;

/** Of what a user sends, these say what is sent or by whom: an answer may well hold the same words. */
const openName = /^accept\b|^content-type$|^user-agent$|\breferer$|^origin$|title|version/i;

/**
 * A run of letters and digits with a digit in it, as keys have. The name of a team or a model, which a header may hold as well, is made
 * of words, and stands in answers that have nothing to do with it.
 */
const random = /(?=[a-z]*\d)[a-z\d]{8}/i;

/** A stand-in such as `lm-studio` or `not-needed` is shorter than any key that is worth hiding from an answer that succeeded. */
const minLengthInAnswers = 16;
const minLengthInErrors = 8;

export interface Sent {
  /** As they are sent; those with a telling name hold secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** The query of the base URL, as it is sent. Some services take their key in it. */
  readonly query?: string;
}

/**
 * Takes what was sent in secret out of what came back: some servers quote the key that they refuse. It is found as JSON and
 * URLs write it, too.
 */
export class Redaction {
  readonly #inErrors: readonly Secret[];
  readonly #inAnswers: readonly Secret[];

  constructor({ headers, query = "" }: Sent) {
    const sent = [...Object.entries(headers), ...readQuery(query)].filter(([name, value]) =>
      isSecret(name, value),
    );
    this.#inErrors = toSecrets(sent, minLengthInErrors);
    this.#inAnswers = toSecrets(
      sent.filter(([name, value]) => secretName.test(name) || random.test(value)),
      minLengthInAnswers,
    );
  }

  apply(text: string, status: number): string {
    let redacted = text;
    for (const { pattern } of this.#secretsIn(status)) redacted = redacted.replace(pattern, "[key]");
    return redacted;
  }

  /** The same for what is downloaded, whose length stays. */
  maskDownload(status: number): SecretMask {
    return new SecretMask(this.#secretsIn(status));
  }

  #secretsIn(status: number): readonly Secret[] {
    return isSuccessStatus(status) ? this.#inAnswers : this.#inErrors;
  }
}

/** What has another name may be a secret all the same, where it is as long as one. */
function isSecret(name: string, value: string): boolean {
  return secretName.test(name) || (value.length >= minLengthInAnswers && !openName.test(name));
}

type Value = readonly [name: string, value: string];

function toSecrets(sent: readonly Value[], minLength: number): readonly Secret[] {
  const values = sent.map(([, value]) => value.replace(/^(?:Bearer|Basic|Token|Api-?Key|Key) +/i, ""));
  return (
    [...new Set(values)]
      .filter((value) => value.length >= minLength)
      // The longest first, for one may hold another.
      .sort((a, b) => b.length - a.length)
      .map((value) => new Secret(value))
  );
}

/** The values as they are meant and as they stand. */
function readQuery(query: string): readonly Value[] {
  const asTheyStand = query
    .replace(/^\?/, "")
    .split("&")
    .map((part) => part.split(/=(.*)/s))
    .map(([name = "", value = ""]) => [name, value] as const);
  return [...new URLSearchParams(query), ...asTheyStand];
}
