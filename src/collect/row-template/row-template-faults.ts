import type { ErrorCode } from "yaml";

/** What is wrong with a text that is no YAML, and what to do. */
export interface TemplateFault {
  readonly message: string;
  readonly hint: string;
}

/** Puts a fault of the parser into words of our own: the parser's quote the file. */
export function toTemplateFault({
  code,
  message,
}: {
  readonly code: ErrorCode;
  readonly message: string;
}): TemplateFault {
  if (code === "MISSING_CHAR" && message.includes("quote")) return unclosedQuote;
  return faults[code] ?? noYaml;
}

const indentation = "Give the keys of one object the same number of spaces in front.";
const quoting = 'Put text in quotes if it starts with { [ * & ! % @ ` or holds ": " or " #".';
const block = `${quoting} Or write it below a line that ends in |.`;

/** A reference to an anchor that is not there, which is mostly text in bold. */
export const unknownAnchor: TemplateFault = {
  message: "* starts a reference to an anchor (&), and there is none of that name above.",
  hint: 'Text that starts with * must be in quotes, as in "**Task**".',
};

export const anchorInsideItself: TemplateFault = {
  message: "a reference (*) to the value that it stands in.",
  hint: "Refer to a value that ends above. Text that starts with * must be in quotes.",
};

export const tooManyReferences: TemplateFault = {
  message: "its references (*) make it too large.",
  hint: "Write the values out, or refer to fewer.",
};

const unclosedQuote: TemplateFault = {
  message: "a quote is opened here or above, and not closed.",
  hint: 'Close it. A quote inside of "…" is written \\", and inside of \'…\' it is doubled.',
};

const noYaml: TemplateFault = { message: "this is not YAML.", hint: block };

const notWhole: TemplateFault = {
  message: "a text that goes over several lines, or a line without a colon.",
  hint: 'Write "key: value", with a space behind the colon; and long text below a line that ends in |.',
};

const faults: Partial<Record<ErrorCode, TemplateFault>> = {
  BAD_ALIAS: { ...unknownAnchor, message: "a * or & without a name behind it." },
  BAD_DIRECTIVE: { message: "a line that starts with %, which YAML keeps for itself.", hint: quoting },
  BAD_DQ_ESCAPE: {
    message: 'a backslash in a "…" text that escapes nothing.',
    hint: "Double the backslash, or use single quotes.",
  },
  BAD_INDENT: {
    message: "the indentation does not fit to the lines above, or a bracket is not closed.",
    hint: `${indentation} Close each [ and {.`,
  },
  BAD_SCALAR_START: { message: "text starts with a character that YAML keeps for itself.", hint: quoting },
  BLOCK_AS_IMPLICIT_KEY: { message: 'a second ": " in one line.', hint: block },
  BLOCK_IN_FLOW: {
    message: "a list or a long text in the midst of brackets.",
    hint: "Write it in quotes, or without the brackets around it.",
  },
  DUPLICATE_KEY: { message: "a key that is there already.", hint: "Keep one of the two." },
  MISSING_CHAR: {
    message: "a colon, a comma or a bracket is missing.",
    hint: 'Write "key: value", with a space behind the colon.',
  },
  MULTILINE_IMPLICIT_KEY: notWhole,
  MULTIPLE_DOCS: {
    message: "a second document begins; a template is one.",
    hint: "Remove the line ---, or write each template to a file of its own.",
  },
  TAB_AS_INDENT: {
    message: "a tab in the indentation; YAML takes spaces alone.",
    hint: "Put spaces in the place of the tab.",
  },
  TAG_RESOLVE_FAILED: { message: "! starts a tag that nobody knows.", hint: quoting },
  UNEXPECTED_TOKEN: {
    message: "there is something behind the end of a value.",
    hint: "Put the whole of the text in quotes; a ' inside of '…' is doubled.",
  },
};
