import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import type { Block } from "./block.js";

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts", "lib.esnext.disposable.d.ts"],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  types: ["node"],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  noEmit: true,
};

/** Type-checks blocks of TypeScript as a user's project would; gives what the compiler says, by page and line. */
export function checkTypes(folder: string, blocks: readonly Block[]): readonly string[] {
  writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }\n');
  mkdirSync(path.join(folder, "checked"), { recursive: true });
  const programs = joinContinued(blocks).map((program, index) => ({
    ...program,
    file: path.join(folder, "checked", `block-${index}.ts`),
  }));
  for (const { file, code } of programs) writeFileSync(file, code);
  const checked = ts.createProgram(
    programs.map(({ file }) => file),
    options,
  );
  return ts.getPreEmitDiagnostics(checked).map((diagnostic) => describe(diagnostic, programs));
}

interface Program {
  readonly blocks: readonly Block[];
  readonly code: string;
}

/** A block that continues is one program with those before it. */
function joinContinued(blocks: readonly Block[]): readonly Program[] {
  return blocks.map((_, index) => {
    let first = index;
    while (blocks[first]?.note === "continues") first--;
    const joined = blocks.slice(first, index + 1);
    return { blocks: joined, code: joined.map(({ code }) => code).join("") };
  });
}

function describe(
  { file, start, messageText }: ts.Diagnostic,
  programs: readonly (Program & { readonly file: string })[],
): string {
  const message = ts.flattenDiagnosticMessageText(messageText, "\n");
  const program = programs.find((candidate) => candidate.file === file?.fileName);
  if (file === undefined || start === undefined || program === undefined) return message;
  let line = file.getLineAndCharacterOfPosition(start).line;
  for (const block of program.blocks) {
    const length = block.code.split("\n").length - 1;
    if (line < length) return `${block.page}:${block.line + line}: ${message}`;
    line -= length;
  }
  return message;
}
