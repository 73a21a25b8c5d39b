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

/** What is to stand in scanner-code.ts: what is in the folder scanner, compiled. */
export async function compileScanner(): Promise<string> {
  let code = "";
  const { error, stderr } = await asc.main(["scanner/index.ts", ...flags], {
    writeFile: (_, contents) => {
      code = Buffer.from(contents).toString("base64");
    },
  });
  if (error !== null) throw new Error(`scanner/ cannot be compiled.\n${stderr.toString()}`);
  return `/** What scanner/ is as WebAssembly, which \`npm run scanner\` writes, in Base64. */\nexport const scannerCode =\n  "${code}";\n`;
}
