import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../temporary-folder.js";
import { start } from "./ground/postgres.js";

const library = new URL("../../dist/cluster.js", import.meta.url).href;

/** Runs code of a user of `openbatch/cluster` as `lib`, under a Node that takes it. Gives what it said; it has to end by itself. */
export async function runInCode(code: string): Promise<{ exit: number | string; said: string }> {
  const main = join(temporaryFolder(), "code.mjs");
  writeFileSync(main, `import * as lib from ${JSON.stringify(library)};\n${code}`);
  const { ended, said } = start([], { main });
  return { exit: await ended, said: said() };
}
