export { atCallOf, promiseAtCallOf } from "./at-call-of.js";
export { type Code, type CodeEntry, codeTable } from "./code-table.js";
export { isSystemError, toFileError } from "./file-error.js";
export { countOf, formatCount, toPlainLines, toPlainText, toVisibleText } from "./message-text.js";
export { OpenbatchError, type OpenbatchErrorOptions } from "./openbatch-error.js";
export { hintOf, type Problem, type Severity } from "./problem.js";
export { quoteArgument } from "./quote-argument.js";
export { quoteId, RequestError } from "./request-error.js";
export { withText } from "./with-text.js";
