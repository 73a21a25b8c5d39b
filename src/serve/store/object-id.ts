import { randomBytes } from "node:crypto";

const alphanumerics = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** An id as the service makes them: `file-` and 22 letters and digits. */
export function createFileId(): string {
  let id = "";
  while (id.length < 22) id += toAlphanumerics(randomBytes(32));
  return `file-${id.slice(0, 22)}`;
}

export function createBatchId(): string {
  return `batch_${randomBytes(16).toString("hex")}`;
}

/** What every answer carries as `x-request-id`. */
export function createRequestId(): string {
  return `req_${randomBytes(16).toString("hex")}`;
}

/** Whether a text is an id that this server may have made, and so a file name that stays in its folder. */
export function isObjectId(text: string): boolean {
  return /^(?:file-[A-Za-z0-9]{22}|batch_[0-9a-f]{32})$/.test(text);
}

/** Bytes that would make some letters likelier than others are left out. */
function toAlphanumerics(bytes: Buffer): string {
  const fair = bytes.filter((byte) => byte < 4 * alphanumerics.length);
  return Array.from(fair, (byte) => alphanumerics[byte % alphanumerics.length]).join("");
}
