import { createHmac, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { toFileError } from "../../errors/index.js";
import { isNotFound, replaceFile } from "../../files/index.js";

/** Where the secret is kept, among all else that a server keeps. */
export const pageSecretName = "page.secret";

/** Where what page tokens are made of is kept. */
export interface SecretPlace {
  /** `undefined` where nothing is there. */
  read(): Promise<string | undefined>;
  write(secret: string): Promise<void>;
}

/**
 * What opens the page. It is the same after the server was stopped and started again on the same folder, so that a page that is
 * open goes on; and another where its callers need other keys. Who can read the folder has all that the page shows.
 */
export async function readPageToken(place: SecretPlace, keys: string): Promise<string> {
  const secret = toSecret(await place.read()) ?? (await makeSecret(place));
  return createHmac("sha256", secret).update(keys).digest("base64url");
}

/** A file in a folder. */
export function secretIn(folder: string): SecretPlace {
  const path = join(folder, pageSecretName);
  return {
    async read() {
      try {
        return await readFile(path, "utf8");
      } catch (cause) {
        if (isNotFound(cause)) return undefined;
        throw toFileError(cause, "read", path);
      }
    },
    write: (secret) => replaceFile(path, (file) => file.writeFile(secret), { mode: 0o600 }),
  };
}

const secretLength = 43;

function toSecret(text: string | undefined): string | undefined {
  const secret = text?.trim();
  return secret === undefined || secret.length < secretLength ? undefined : secret;
}

async function makeSecret(place: SecretPlace): Promise<string> {
  const secret = randomBytes(32).toString("base64url");
  await place.write(`${secret}\n`);
  return secret;
}
