/** What Python's regular expressions have, and those of JavaScript don't. */
const pythonOnly = /\(\?>|\(\?\(|\(\?#|[*+?}]\+/;
/** What only those of JavaScript have: Unicode property escapes, and names of groups without a P. */
const scriptOnly = /(?:^|[^\\])(?:\\\\)*(?:\\[pP]\{|\(\?<[a-z_])/i;

/**
 * Whether a pattern is "refused", or only "odd": none that JavaScript reads. The service reads it as Python does, and answers
 * "'(' is not a 'regex'" to one that is none, also to `\p{L}`, as public code quotes it, read November 2026.
 */
export function findPatternFault(pattern: string): "refused" | "odd" | undefined {
  if (scriptOnly.test(pattern)) return "refused";
  if (isRegularExpression(pattern)) return undefined;
  return isRegularExpression(toScript(pattern)) || pythonOnly.test(pattern) ? "odd" : "refused";
}

/** The same pattern in JavaScript's spelling, but for flags. */
function toScript(pattern: string): string {
  return pattern
    .replace(/\(\?[aiLmsux]+\)/g, "")
    .replace(/\(\?P</g, "(?<")
    .replace(/\(\?P=(\w+)\)/g, "\\k<$1>")
    .replace(/\\[AZ]/g, "");
}

function isRegularExpression(pattern: string): boolean {
  return ["u", ""].some((flags) => {
    try {
      new RegExp(pattern, flags);
      return true;
    } catch {
      return false;
    }
  });
}
