import { closeSync, openSync, readSync } from "node:fs";
import { OpenbatchError, quoteArgument } from "../../errors/index.js";

/** Refuses a table or a template where a batch file is meant, with the command that makes one of it. */
export function assertNoTable(file: string): void {
  const [, kind = ""] = /\.(csv|tsv|tab|parquet|pq|xlsx|xlsm|xls|ods|ya?ml)(?:\.gz)?$/i.exec(file) ?? [];
  if (kind === "" || startsAsJson(file)) return;
  const isTemplate = /^ya?ml$/i.test(kind);
  const [table, template] = isTemplate ? ["TABLE", quoteArgument(file)] : [quoteArgument(file), "TEMPLATE"];
  throw new OpenbatchError(
    "not_a_batch_file",
    `${file} is a ${isTemplate ? "template" : "table"}, and no batch file.`,
    { hint: `Make one: openbatch build ${table} --template ${template} --output requests.jsonl` },
  );
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
