import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { OpenbatchError } from "../../errors/index.js";
import { type S3Place, S3Storage } from "./s3-storage.js";
import { SharedFolder } from "./shared-folder.js";
import type { SharedStorage } from "./shared-storage.js";

/** So much is written to see that there is room for what comes. */
const triedBytes = 1_048_576;

/**
 * Opens what all servers and workers share, a folder or a bucket (`s3://bucket/prefix`).
 * @param claim sees that it is the one that they share. Then is seen that it can be written and read.
 * @throws OpenbatchError where it cannot.
 */
export async function openStorage(
  place: string,
  claim: (storage: SharedStorage) => Promise<void>,
): Promise<SharedStorage> {
  const isUrl = /^[a-z][a-z0-9+.-]+:\/\//i.test(place);
  const storage = isUrl ? await S3Storage.open(toS3Place(place)) : SharedFolder.open(resolve(place));
  await claim(storage);
  await tryStorage(storage);
  return storage;
}

/** Writes, finds, reads and removes something. @throws OpenbatchError where that cannot be done. */
export async function tryStorage(storage: SharedStorage): Promise<void> {
  const name = `tries/${randomBytes(8).toString("hex")}`;
  const written = randomBytes(triedBytes);
  await storage.put(name, Readable.from([written]));
  const read = await buffer(storage.getRange(name));
  let isListed = false;
  for await (const object of storage.list(name)) isListed ||= object.bytes === triedBytes;
  await storage.remove(name);
  if (isListed && read.equals(written)) return;
  throw new OpenbatchError("storage_refused", "The storage does not give back what was written to it.");
}

/** A key in the address would be in the list of processes, and in logs: it is not quoted. */
function toS3Place(place: string): S3Place {
  const [, bucket = "", prefix = ""] =
    /^s3:\/\/([A-Za-z0-9][A-Za-z0-9._-]{1,254})(?:\/([^?#]*))?$/.exec(place) ?? [];
  const names = prefix.split("/").filter((name, index, all) => name !== "" || index < all.length - 1);
  if (bucket !== "" && !names.some((name) => /^\.{0,2}$/.test(name)))
    return { bucket, prefix: names.join("/") };
  throw new OpenbatchError(
    "invalid_option",
    "storage (--storage) is the path of a folder that all machines share, or a bucket: s3://bucket/prefix.",
  );
}
