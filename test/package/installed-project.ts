import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A project of a user's, into which the packed package is installed from its tarball. */
export class InstalledProject {
  readonly folder = mkdtempSync(path.join(tmpdir(), "openbatch-package-"));

  /** Packs the package as it is built, and installs it with other packages, each as `name@version`. */
  constructor(packages: readonly string[]) {
    const packed = npm(["pack", "--silent", "--pack-destination", this.folder], root).trim();
    this.write("package.json", '{ "name": "a-project", "private": true }\n');
    npm(["install", "--prefer-offline", "--no-audit", "--no-fund", `./${packed}`, ...packages], this.folder);
  }

  write(name: string, text: string): string {
    const file = path.join(this.folder, name);
    writeFileSync(file, text);
    return file;
  }

  read(name: string): string {
    return readFileSync(path.join(this.folder, name), "utf8");
  }

  /** Runs a program in the project's folder, and gives what it prints. */
  run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
    return execFileSync(program, args, {
      cwd: this.folder,
      encoding: "utf8",
      env: { ...process.env, npm_config_loglevel: "error", ...env },
    });
  }

  /** The packages from which Node loads a module when it runs with these arguments. */
  listLoadedPackages(args: readonly string[]): readonly string[] {
    const names = [...this.#cover(args).matchAll(/\/node_modules\/((?:@[^/"]+\/)?[^/"]+)\/[^"]*"/g)];
    return [...new Set(names.map(([, name = ""]) => name))].sort();
  }

  /** The names of the functions that Node calls when it runs with these arguments. */
  listCalledFunctions(args: readonly string[]): readonly string[] {
    const called = /"functionName":"(\w+)","ranges":\[\{"startOffset":\d+,"endOffset":\d+,"count":[1-9]/g;
    return [...this.#cover(args).matchAll(called)].map(([, name = ""]) => name);
  }

  /** What V8 reports of all that it ran, as JSON. */
  #cover(args: readonly string[]): string {
    const coverage = path.join(this.folder, "coverage");
    rmSync(coverage, { recursive: true, force: true });
    this.run(process.execPath, args, { NODE_V8_COVERAGE: coverage });
    return readdirSync(coverage)
      .map((file) => readFileSync(path.join(coverage, file), "utf8"))
      .join();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function npm(args: readonly string[], cwd: string): string {
  return execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}
