import { scannerCode } from "./scanner-code.js";

// Node has it, its types have it not. Without a compiler at run time (node --jitless) it is not there; with a processor that cannot
// compare 16 bytes at once it takes no such code, and with little address space (ulimit -v) it gets no memory.
declare const WebAssembly: {
  readonly Module: new (code: Buffer) => object;
  readonly Instance: new (module: object, imports: ScannerImports) => { readonly exports: ScannerExports };
};

/** By file of scanner/. */
type ScannerImports = Readonly<Record<"read-floats", { readonly parseNumber: ParseNumber }>>;

/** What scanner/index.ts exports. */
export interface ScannerExports {
  readonly memory: { readonly buffer: ArrayBuffer; readonly grow: (pages: number) => number };
  readonly matchLine: (shape: number, start: number, end: number, holes: number) => number;
  readonly matchLines: (
    ...args: [
      shape: number,
      start: number,
      end: number,
      holes: number,
      idHole: number,
      lines: number,
      max: number,
    ]
  ) => number;
  readonly metInLines: () => number;
  readonly unescapeText: (start: number, end: number, to: number) => number;
  readonly readFloats: (start: number, end: number, floats: number, max: number) => number;
}

/** What `Number` makes of what stands between two places in the memory of the scanner. */
type ParseNumber = (start: number, end: number) => number;

/** Starts a scanner with a memory of its own. Throws where it cannot be started. */
export function startScanner(parseNumber: ParseNumber): ScannerExports {
  const code = new WebAssembly.Module(Buffer.from(scannerCode, "base64"));
  return new WebAssembly.Instance(code, { "read-floats": { parseNumber } }).exports;
}
