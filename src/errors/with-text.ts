/** A report that is its text in a template literal. The text is no member of it, so that what is compared and sent stays the same. */
export function withText<Report extends object>(report: Report, toText: (report: Report) => string): Report {
  return Object.defineProperty(report, "toString", { value: () => toText(report) });
}
