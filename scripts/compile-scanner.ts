import asc from "assemblyscript/asc";

const flags = [
  "--optimizeLevel",
  "3",
  "--noAssert",
  "--runtime",
  "stub",
  "--enable",
  "simd",
  "--outFile",
  "code",
];

/** What each module of the folder scanner is compiled into. */
const modules = [
  { entry: "scanner/index.ts", file: "src/batch-file/shapes/scanner-code.ts", name: "scannerCode" },
  { entry: "scanner/write-text.ts", file: "src/jsonl/text-code.ts", name: "textCode" },
] as const;

/** The files of source that hold WebAssembly, with what is to stand in them. */
export async function compileScanner(): Promise<
  readonly { readonly file: string; readonly source: string }[]
> {
  return Promise.all(
    modules.map(async ({ entry, file, name }) => ({
      file,
      source: toSource(entry, name, await compile(entry)),
    })),
  );
}

async function compile(entry: string): Promise<string> {
  let code = "";
  const { error, stderr } = await asc.main([entry, ...flags], {
    writeFile: (_, contents) => {
      code = Buffer.from(contents).toString("base64");
    },
  });
  if (error !== null) throw new Error(`${entry} cannot be compiled.\n${stderr.toString()}`);
  return code;
}

function toSource(entry: string, name: string, code: string): string {
  return `/** What ${entry} is as WebAssembly, which \`npm run scanner\` writes, in Base64. */\nexport const ${name} =\n  "${code}";\n`;
}
