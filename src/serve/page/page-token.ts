import { createHmac, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { toFileError } from "../../errors/index.js";
import { isNotFound, replaceFile } from "../../files/index.js";

const fileName = "page.secret";

/**
 * What opens the page. It is the same after the server was stopped and started again on the same folder, so that a page that is
 * open goes on; and another where its callers need another key. Who can read the folder has all that the page shows.
 */
export async function readPageToken(folder: string, apiKey: string | undefined): Promise<string> {
  const path = join(folder, fileName);
  const secret = (await readSecret(path)) ?? (await writeSecret(path));
  return createHmac("sha256", secret)
    .update(apiKey ?? "")
    .digest("base64url");
}

async function readSecret(path: string): Promise<string | undefined> {
  try {
    const text = (await readFile(path, "utf8")).trim();
    return text.length < secretLength ? undefined : text;
  } catch (cause) {
    if (isNotFound(cause)) return undefined;
    throw toFileError(cause, "read", path);
  }
}

const secretLength = 43;

async function writeSecret(path: string): Promise<string> {
  const secret = randomBytes(32).toString("base64url");
  await replaceFile(path, (file) => file.writeFile(`${secret}\n`), { mode: 0o600 });
  return secret;
}
