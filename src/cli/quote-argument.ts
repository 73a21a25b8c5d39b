/** A path or another argument as a POSIX shell takes it whole, and as no command takes it for an option. */
export function quoteArgument(text: string): string {
  const argument = /^-./.test(text) ? `./${text}` : text;
  return /^[\w./:=@%+-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
