import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { dirname, join } from "node:path";
import { OpenbatchError, quoteArgument } from "../../errors/index.js";
import { toBareName } from "./answers-name.js";

/** Refuses a table or a template where a batch file is meant, with the command that makes one of it. */
export function assertNoTable(file: string): void {
  const [, kind = ""] = /\.(csv|tsv|tab|parquet|pq|xlsx|xlsm|xls|ods|ya?ml)(?:\.gz)?$/i.exec(file) ?? [];
  if (kind === "" || startsAsJson(file)) return;
  const asked = findAsked(file);
  if (asked !== undefined) {
    throw new OpenbatchError("not_a_batch_file", `${file} is a table, and no batch file.`, {
      hint: `What was asked about it, and answered, is in a folder: openbatch view ${quoteArgument(asked)}`,
    });
  }
  const isTemplate = /^ya?ml$/i.test(kind);
  const [table, template] = isTemplate ? ["TABLE", quoteArgument(file)] : [quoteArgument(file), "TEMPLATE"];
  throw new OpenbatchError(
    "not_a_batch_file",
    `${file} is a ${isTemplate ? "template" : "table"}, and no batch file.`,
    { hint: `Make one: openbatch build ${table} --template ${template} --output requests.jsonl` },
  );
}

/** The folder that `openbatch ask` has made of a table, also where that holds the answers. */
function findAsked(file: string): string | undefined {
  const bare = join(dirname(file), toBareName(file).replace(/\.answers$/, ""));
  return existsSync(join(`${bare}.openbatch`, "requests.jsonl")) ? `${bare}.openbatch` : undefined;
}

/** Whatever its name is, and wherever it is: what cannot be read is said by whoever reads it. */
function startsAsJson(file: string): boolean {
  try {
    const descriptor = openSync(file, "r");
    const head = Buffer.alloc(64);
    const length = readSync(descriptor, head, 0, head.length, 0);
    closeSync(descriptor);
    return /^\s*\{/.test(head.toString("utf8", 0, length));
  } catch {
    return true;
  }
}
