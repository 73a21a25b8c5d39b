import { closeSync, fstatSync, openSync, readSync, realpathSync } from "node:fs";
import { resolve, sep } from "node:path";
import { OpenbatchError, toFileError } from "../../errors/index.js";

export interface ImageOptions {
  /** The folder that images are read from, and must lie in. */
  readonly folder: string;
  readonly maxBytes: number;
}

/** A URL as it is; the path of a local image as a data URL. A single letter before a colon is a Windows drive. */
export function toImageUrl(url: string, options: ImageOptions): string {
  if (/^[a-z][a-z0-9+.-]+:/i.test(url)) return url;
  const bytes = readImage(url, options);
  return `data:${toMediaType(bytes, url)};base64,${bytes.toString("base64")}`;
}

function readImage(path: string, { folder, maxBytes }: ImageOptions): Buffer {
  const found = findImage(path, folder);
  const file = openSync(found, "r");
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw refuse(path, "is not a file.", "Name an image file.");
    if (stats.size > maxBytes) {
      throw refuse(
        path,
        `has ${stats.size} bytes; an image may have ${maxBytes}.`,
        "Make the image smaller, or allow more: maxImageBytes (--max-image-bytes).",
      );
    }
    const bytes = Buffer.alloc(stats.size);
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(file);
  }
}

/** The real path of an image, links resolved. */
function findImage(path: string, folder: string): string {
  if (path.trim() === "") {
    throw new OpenbatchError("invalid_image", "The path of the image is empty: the cell is empty.", {
      hint: "Fill it in, or go past such rows: onError skip (--on-error skip).",
    });
  }
  const root = orRefuse(path, folder, () => realpathSync(folder));
  const found = orRefuse(path, folder, () => realpathSync(resolve(root, path)));
  if (isInside(root, found)) return found;
  throw outside(path, folder);
}

function orRefuse(path: string, folder: string, toRealPath: () => string): string {
  try {
    return toRealPath();
  } catch (cause) {
    const error = toFileError(cause, "read the image", JSON.stringify(resolve(folder, path)));
    if (!(error instanceof OpenbatchError)) throw error;
    // What lies elsewhere is refused alike, whether it is there or not.
    if (!isInside(resolve(folder), resolve(folder, path))) throw outside(path, folder);
    throw refuse(path, `cannot be read in ${JSON.stringify(folder)}: ${error.message}`, imageHint);
  }
}

function isInside(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function outside(path: string, folder: string): OpenbatchError {
  return refuse(path, `is outside the folder of images, ${JSON.stringify(folder)}.`, imageHint);
}

const imageHint =
  "Give the path from the folder of the table, or say which folder it is in: imageFolder (--images DIR).";

function toMediaType(bytes: Buffer, path: string): string {
  const head = bytes.toString("latin1", 0, 12);
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (head.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (/^GIF8[79]a/.test(head)) return "image/gif";
  if (/^RIFF.{4}WEBP/s.test(head)) return "image/webp";
  throw refuse(
    path,
    "is no PNG, JPEG, GIF or WebP by its first bytes.",
    "Convert the image to one of these.",
  );
}

function refuse(path: string, what: string, hint: string): OpenbatchError {
  const name = path.length <= 200 ? JSON.stringify(path) : `with a path of ${path.length} characters`;
  return new OpenbatchError("invalid_image", `The image ${name} ${what}`, { hint });
}
