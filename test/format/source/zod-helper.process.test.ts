import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it } from "vitest";
import * as z from "zod";
import * as mini from "zod/mini";
import { toFormat } from "../../../src/format/index.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const require = createRequire(import.meta.url);

let folder: string | undefined;

afterEach(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true });
  folder = undefined;
});

it("is loaded when a schema of zod/mini is first converted, and for no other", () => {
  const isLoaded = () => Object.keys(require.cache).some((file) => file.includes("openai/helpers/zod"));
  toFormat(z.object({ a: z.string() }));
  expect(isLoaded()).toBe(false);
  toFormat(mini.object({ a: mini.string() }));
  expect(isLoaded()).toBe(true);
});

it("is loaded on first use, as is all that the room takes from a package", () => {
  const room = join(root, "src/format");
  const files = readdirSync(room, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  const specifiers = files.flatMap((file) =>
    [
      ...readFileSync(join(room, file), "utf8").matchAll(/^(?:import(?! type)|export|\}).* from "([^"]+)"/gm),
    ].map(([, specifier]) => specifier),
  );
  const fromPackages = specifiers.filter((specifier) => !specifier?.startsWith("."));
  expect(new Set(fromPackages)).toEqual(new Set(["node:module", "node:timers/promises", "node:vm"]));
});

it("is asked for by name where it is not installed", () => {
  folder = mkdtempSync(join(tmpdir(), "openbatch-"));
  for (const room of ["errors", "jsonl", "api", "format"])
    cpSync(join(root, "src", room), join(folder, "src", room), { recursive: true });
  mkdirSync(join(folder, "node_modules"));
  for (const name of ["leven", "zod"])
    symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  writeFileSync(
    join(folder, "try.ts"),
    `import * as mini from "zod/mini";
     import * as z from "zod";
     import { toFormat } from "./src/format/index.js";
     console.log(toFormat(z.object({ a: z.string() })).name);
     try { toFormat(mini.object({ a: mini.string() })); } catch (error) { console.log(error.code, error.hint); }`,
  );
  const tsx = new URL(import.meta.resolve("tsx")).href;
  const output = execFileSync(process.execPath, ["--import", tsx, "try.ts"], {
    cwd: folder,
    encoding: "utf8",
  });
  expect(output).toBe(
    "response\nmissing_package Install openai (6.49 or newer) and zod, or give z.toJSONSchema(schema) instead.\n",
  );
});
