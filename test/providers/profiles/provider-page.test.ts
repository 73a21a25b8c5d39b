import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { toProviderPage } from "../../../scripts/provider-page.js";
import { profiles } from "../../../src/providers/index.js";

test("docs/providers.md says of the services what their profiles say (npm run provider-page writes it)", () => {
  const page = readFileSync(new URL("../../../docs/providers.md", import.meta.url), "utf8");
  expect(page).toBe(toProviderPage(Object.values(profiles)));
});
