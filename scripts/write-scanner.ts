// Compiles scanner/ to WebAssembly, and writes it as a text into the source: npm run scanner. It is committed, so that nobody needs the
// compiler but who changes the scanner.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compileScanner } from "./compile-scanner.js";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
for (const { file, source } of await compileScanner()) writeFileSync(file, source);
