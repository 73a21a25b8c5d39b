/** An argument as a POSIX shell takes it whole. */
export function quoteArgument(argument: string): string {
  return /^[\w./:=@%+-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
