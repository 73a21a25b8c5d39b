/** The results file beside a batch file. Apart from what writes it, which would be in the memory of whoever reads it. */
export function resultsOf(file: string): string {
  return `${file}.results`;
}
