const secretName = /authorization|cookie|key|password|secret|token/i;

/** A stand-in such as `lm-studio` or `not-needed` is shorter than any key that is worth hiding from an answer that succeeded. */
const minLengthInAnswers = 16;
const minLengthInErrors = 8;

/** Takes what was sent in secret out of what came back: some servers quote the key that they refuse. */
export class Redaction {
  readonly #secrets: readonly string[];

  /** @param headers as they are sent; those with a telling name hold secrets. */
  constructor(headers: Readonly<Record<string, string>>) {
    this.#secrets = Object.entries(headers)
      .filter(([name]) => secretName.test(name))
      .map(([, value]) => value.replace(/^(?:Bearer|Basic|Token) +/i, ""));
  }

  apply(text: string, status: number): string {
    const minLength = status < 300 ? minLengthInAnswers : minLengthInErrors;
    let redacted = text;
    for (const secret of this.#secrets) {
      if (secret.length >= minLength && redacted.includes(secret))
        redacted = redacted.replaceAll(secret, "[key]");
    }
    return redacted;
  }
}
