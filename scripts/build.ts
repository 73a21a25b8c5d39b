// Builds dist: npm run build. Modules are joined into few files, since Node takes half a millisecond for each file that it
// imports; what is imported on first use only stays apart. Types are written one file for one by tsc afterwards.
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
rmSync("dist", { recursive: true, force: true });

await build({
  entryPoints: [
    { in: "src/index.ts", out: "index" },
    { in: "src/cli/main.ts", out: "cli/main" },
    // Started by its file name, beside the file that starts it.
    { in: "src/check/range-worker.ts", out: "range-worker" },
  ],
  outdir: "dist",
  bundle: true,
  splitting: true,
  packages: "external",
  platform: "node",
  format: "esm",
  target: "node20.19",
  logLevel: "warning",
});
