import { OpenbatchError } from "../../errors/index.js";

/** What needs a package, and all that is to be installed for it. */
export interface PackageNeed {
  readonly what: string;
  readonly install: string;
}

const database: PackageNeed = { what: "What works on one database", install: "pg pg-boss" };

/** Loads a package that not everybody has. @throws OpenbatchError `missing_package`, with the command that installs it. */
export async function loadPackage<Module>(
  name: string,
  load: () => Promise<Module>,
  { what, install }: PackageNeed = database,
): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    if (!isAbsent(cause)) throw cause;
    throw new OpenbatchError("missing_package", `${what} needs ${name}.`, {
      hint: `Install it: npm install ${install}.`,
      cause,
    });
  }
}

/** The queue asks for it, so that what comes with it is there. */
const least = { major: 22, minor: 12 };

/** @throws OpenbatchError `unsupported_runtime` */
export function assertNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > least.major || (major === least.major && minor >= least.minor)) return;
  throw new OpenbatchError(
    "unsupported_runtime",
    `Servers and workers on one database need Node ${least.major}.${least.minor} or newer, and this is ${process.versions.node}.`,
    { hint: "Start the command with a newer Node; the rest of openbatch runs with this one." },
  );
}

function isAbsent(cause: unknown): boolean {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
}
