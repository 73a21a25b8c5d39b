// Writes docs/providers.md: npm run provider-page
import { writeFileSync } from "node:fs";
import { profiles } from "../src/providers/index.js";
import { toProviderPage } from "./provider-page.js";

writeFileSync(new URL("../docs/providers.md", import.meta.url), toProviderPage(Object.values(profiles)));
