/** What a number in a cell stands for, by the format that it is shown in. */
export type NumberKind = "number" | "date" | "time" | "moment" | "duration";

/** As Excel has it. */
const maxCodeLength = 255;

/** The kind that a format code such as `yyyy-mm-dd`, `[h]:mm` or `0.00%` gives a number. */
export function kindOfFormat(code: string): NumberKind {
  // What is for negative numbers or texts says nothing new.
  const [section = ""] = withoutLiterals(code.slice(0, maxCodeLength)).split(";");
  if (/\[(?:h+|m+|s+)\]/i.test(section)) return "duration";
  const letters = section
    .replace(/\[[^\]]*\]/g, "")
    .replace(/general/gi, "")
    .replace(/e[+-]/gi, "")
    .replace(/am\/pm|a\/p|上午\/下午|午前\/午後|오전\/오후/gi, "h")
    .toLowerCase();
  const hasTime = /[hs]/.test(letters);
  const hasDate = /[ydgbe]/.test(letters) || (/m/.test(letters) && !hasTime);
  if (hasDate) return hasTime ? "moment" : "date";
  return hasTime ? "time" : "number";
}

/** Leaves out what is shown as it stands: text in quotes, a character behind `\`, `_` or `*`. */
function withoutLiterals(code: string): string {
  return code.replace(/"[^"]*"?|[\\_*][\s\S]/g, "");
}

/** The kinds of the formats that every workbook has without naming them (ECMA-376, 18.8.30; those of East Asia as Excel has them). */
export function kindOfBuiltIn(id: number): NumberKind {
  if (id === 46) return "duration";
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id === 36) return "date";
  if ((id >= 50 && id <= 54) || id === 57 || id === 58) return "date";
  if ((id >= 18 && id <= 21) || id === 32 || id === 33 || id === 45 || id === 47) return "time";
  return id === 22 || id === 34 || id === 35 || id === 55 || id === 56 ? "moment" : "number";
}
