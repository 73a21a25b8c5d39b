/** An option of the library with the words of the command line behind it: `apiKeyEnv (--api-key-env NAME)`. */
const named = /(?:\b([A-Za-z]+)(:? ))?\b([A-Za-z0-9]+) \(((?:--|openbatch )[^()]*)\)/g;

/** Words before the name of an option that is meant as a word there: "another encoding". */
const prose = ["another", "long", "the", "a"];

/** What the library says, for whoever has no option but flags: of each option that it names, the flag stands alone. */
export function toFlagWords(text: string): string {
  return text.replace(
    named,
    (whole, before: string | undefined, gap: string | undefined, name: string, flag: string) => {
      if (gap === " " && prose.includes(before ?? "")) return whole;
      if (isOption(name, flag)) return `${before ?? ""}${gap ?? ""}${flag}`;
      // With a value: overwrite: true (--overwrite).
      return before !== undefined && isOption(before, flag) ? flag : whole;
    },
  );
}

function isOption(name: string, flag: string): boolean {
  if (/^[a-z]+[A-Z]/.test(name)) return true;
  const [first = ""] = flag.startsWith("--") ? flag.split(" ") : [flag];
  return first.toLowerCase().includes(name.replace(/s$/, "").toLowerCase());
}
