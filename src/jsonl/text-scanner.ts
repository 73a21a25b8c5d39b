import { textCode } from "./text-code.js";

// Node has it, its types have it not. Where it cannot be started, src/batch-file/shapes/start-scanner.ts tells.
declare const WebAssembly: {
  readonly Module: new (code: Buffer) => object;
  readonly Instance: new (module: object) => { readonly exports: TextScanner };
};

/** What scanner/write-text.ts exports. */
export interface TextScanner {
  readonly memory: { readonly buffer: ArrayBuffer; readonly grow: (pages: number) => number };
  readonly writeText: (...args: [start: number, end: number, to: number, ensureAscii: boolean]) => number;
  readonly writeLine: (
    ...args: [
      lengths: number,
      texts: number,
      stretches: number,
      units: number,
      to: number,
      limit: number,
      ensureAscii: boolean,
    ]
  ) => number;
}

const pageBytes = 65_536;

let code: object | undefined;

/** Starts one with a memory of its own, of so many bytes; nothing where there is no WebAssembly, or no memory for it. */
export function startTextScanner(bytes: number): TextScanner | undefined {
  try {
    code ??= new WebAssembly.Module(Buffer.from(textCode, "base64"));
    const { exports } = new WebAssembly.Instance(code);
    exports.memory.grow(Math.ceil(bytes / pageBytes));
    return exports;
  } catch {
    return undefined;
  }
}
