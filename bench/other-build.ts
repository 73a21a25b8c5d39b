import { cpSync, existsSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Build, temporaryFolder, thisBuild } from "./run-task.js";

/** A built checkout, as it is now: what is built into it later changes nothing. It runs the scripts of this one. */
export function copyBuild(checkout: string, name: string): Build {
  if (!existsSync(path.join(checkout, "dist/index.js"))) {
    throw new Error(
      `${checkout} has no dist/index.js: give the folder of a checkout, after npm run build there.`,
    );
  }
  const scripts = path.join(temporaryFolder, name);
  const copy = path.join(scripts, "node_modules/openbatch");
  mkdirSync(copy, { recursive: true });
  for (const part of ["package.json", "dist"])
    cpSync(path.join(checkout, part), path.join(copy, part), { recursive: true });
  symlinkSync(realpathSync(path.join(checkout, "node_modules")), path.join(copy, "node_modules"));
  // What the scripts import besides openbatch is found one folder further up.
  const others = path.join(temporaryFolder, "node_modules");
  if (!existsSync(others)) symlinkSync(realpathSync(path.join(thisBuild.package, "node_modules")), others);
  cpSync(thisBuild.scripts, scripts, { recursive: true });
  writeFileSync(path.join(scripts, "package.json"), '{"type":"module"}');
  return { scripts, package: copy };
}
