import { OpenbatchError } from "../../errors/index.js";

/** Names in a workbook may be as long as whoever made it likes. */
const maxLength = 400;

/** The error for a workbook that is not what its format says. */
export function damagedWorkbook(name: string, what: string, cause?: unknown): OpenbatchError {
  return new OpenbatchError("invalid_table", `${name} is a damaged workbook: ${what.slice(0, maxLength)}.`, {
    cause,
    hint: "Get it again if it was cut short; or open it in Excel or LibreOffice and save it anew as .xlsx.",
  });
}

/** The error for a workbook that holds more than anybody would read of it. */
export function tooLargeWorkbook(name: string, what: string): OpenbatchError {
  return new OpenbatchError("invalid_table", `${name} holds more than a workbook may: ${what}.`, {
    hint: "If it is from somebody you trust, save its sheet as CSV UTF-8 and take that.",
  });
}
