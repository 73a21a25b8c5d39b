import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { OpenbatchError } from "../../errors/index.js";

const excelLock = /^~\$/;
const libreOfficeLock = /^\.~lock\.(.*)#$/;

/** Where a spreadsheet marks beside a file that it has it open. */
export interface OpenElsewhere {
  readonly program: string;
  readonly lock: string;
}

/** Tells by what lies beside a file whether a spreadsheet has it open. */
export function findOpenElsewhere(path: string): OpenElsewhere | undefined {
  const [folder, name] = [dirname(path), basename(path)];
  const locks = [
    { program: "Excel", lock: join(folder, `~$${name}`) },
    { program: "LibreOffice", lock: join(folder, `.~lock.${name}#`) },
  ];
  return locks.find(({ lock }) => existsSync(lock));
}

/**
 * Refuses the mark itself, which the shell completes and `*.xlsx` names.
 *
 * @throws {OpenbatchError} `invalid_option`
 */
export function assertNoLock(path: string): void {
  const name = basename(path);
  const [, marked = name.replace(excelLock, "")] = libreOfficeLock.exec(name) ?? [];
  if (marked === name) return;
  const program = excelLock.test(name) ? "Excel" : "LibreOffice";
  throw new OpenbatchError(
    "invalid_option",
    `${path} is no table: it is the mark of ${program} that it has ${marked} open.`,
    { hint: `Name the table itself: ${join(dirname(path), marked)}.` },
  );
}

/**
 * Refuses to replace a file that a spreadsheet has open: it would write over what is new, or could not be replaced at all.
 *
 * @throws {OpenbatchError} `file_failed`
 */
export function assertNotOpenElsewhere(path: string): void {
  const found = findOpenElsewhere(path);
  if (found === undefined) return;
  throw new OpenbatchError("file_failed", `${path} is open in ${found.program}; it is as it was.`, {
    hint: `Close it there, or choose another path. If nobody has it open, a crash has left ${found.lock}: delete that.`,
  });
}
