import { closeSync, openSync, readSync } from "node:fs";

interface ParsedRequest {
  readonly body: { readonly messages: readonly { readonly content: string }[] };
}

/** Splits a file into lines and parses each, in memory of fixed size. */
export function parseLines(file: string, onLine: (request: ParsedRequest) => void = () => {}): void {
  const fd = openSync(file, "r");
  const buffer = Buffer.allocUnsafe(1024 * 1024);
  let held = 0;
  for (;;) {
    const length = readSync(fd, buffer, held, buffer.length - held, null);
    if (length === 0) break;
    const end = held + length;
    let start = 0;
    for (let newline = buffer.indexOf(10); newline !== -1 && newline < end; ) {
      // What bench/inputs.ts wrote.
      onLine(JSON.parse(buffer.toString("utf8", start, newline)) as ParsedRequest);
      start = newline + 1;
      newline = buffer.indexOf(10, start);
    }
    buffer.copyWithin(0, start, end);
    held = end - start;
  }
  closeSync(fd);
}
