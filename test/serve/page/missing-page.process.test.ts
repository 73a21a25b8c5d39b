import { cpSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../temporary-folder.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

test("a package without its page says what is missing, and shows the page once it is there", async () => {
  const folder = temporaryFolder();
  const dist = join(folder, "dist");
  cpSync(join(root, "dist"), dist, { recursive: true });
  cpSync(join(root, "package.json"), join(folder, "package.json"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  renameSync(join(dist, "page"), join(folder, "put-aside"));
  // Known at run time alone: the types are those of the sources.
  const path: string = join(dist, "testing.js");
  const { startBatchServer } = (await import(path)) as typeof import("../../../src/testing.js");
  await using server = await startBatchServer();
  const link = server.pageLink;
  const missing = await fetch(link);
  expect(missing.status).toBe(500);
  expect(await missing.json()).toEqual({
    error: {
      message:
        "page.js, a part of the page, is not in the package. Install openbatch again; in its sources: npm run build.",
      type: "server_error",
      param: null,
      code: "unexpected_failure",
    },
  });
  expect((await fetch(`${server.baseURL}/batches`)).status).toBe(200);
  renameSync(join(folder, "put-aside"), join(dist, "page"));
  const page = await fetch(link);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain("data-service");
});
