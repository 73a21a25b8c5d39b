// Writes docs/errors.md: npm run error-page
import { mkdirSync, writeFileSync } from "node:fs";
import { codeTable } from "../src/errors/index.js";
import { toErrorPage } from "./error-page.js";

const docs = new URL("../docs/", import.meta.url);
mkdirSync(docs, { recursive: true });
writeFileSync(new URL("errors.md", docs), toErrorPage(codeTable));
