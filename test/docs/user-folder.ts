import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

export const root = fileURLToPath(new URL("../..", import.meta.url));

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/**
 * A temporary folder in which `openbatch` is installed, as built, with the packages and the examples that
 * the pages use; removed after the tests.
 */
export function createUserFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "openbatch-docs-"));
  folders.push(folder);
  // Else a package.json further up would decide what `openbatch` is.
  writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }\n');
  const modules = path.join(folder, "node_modules");
  mkdirSync(path.join(modules, ".bin"), { recursive: true });
  symlinkSync(root, path.join(modules, "openbatch"));
  symlinkSync(path.join(root, "examples"), path.join(folder, "examples"));
  for (const name of installedNames()) {
    mkdirSync(path.dirname(path.join(modules, name)), { recursive: true });
    symlinkSync(path.join(root, "node_modules", name), path.join(modules, name));
  }
  symlinkSync(path.join(root, "node_modules", ".bin", "tsx"), path.join(modules, ".bin", "tsx"));
  const command = path.join(modules, ".bin", "openbatch");
  writeFileSync(command, `#!/bin/sh\nexec node "${root}/dist/cli/main.js" "$@"\n`);
  chmodSync(command, 0o755);
  return folder;
}

function installedNames(): readonly string[] {
  // The project's own file, which has both.
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(path.join(root, "package.json"), "utf8"),
  ) as { readonly [key in "dependencies" | "devDependencies"]: Readonly<Record<string, string>> };
  return Object.keys({ ...dependencies, ...devDependencies });
}
