import { statSync } from "node:fs";

/** Tells a file from what it was before: another after it has grown, was cut, or was replaced. */
export function toFileStamp(path: string | URL): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? "none" : `${found.dev}:${found.ino}:${found.size}:${found.mtimeMs}`;
}

/**
 * The bytes of the file at a place in a list of stamps, where it is the only one that is another now, and has only grown. What
 * stands behind the stamps, in the last place, may be another as well.
 */
export function findGrownBytes(before: string, now: string, place: number): number | undefined {
  const [was, is] = [before.split(" "), now.split(" ")];
  const areSame = was.slice(0, -1).every((stamp, index) => index === place || stamp === is[index]);
  const [one, other] = [was[place], is[place]];
  if (was.length !== is.length || !areSame || one === undefined || other === undefined) return undefined;
  const [deviceBefore, nodeBefore, bytesBefore] = one.split(":");
  const [device, node, bytes] = other.split(":");
  const isGrown = device === deviceBefore && node === nodeBefore && Number(bytes) > Number(bytesBefore);
  return one === other || isGrown ? Number(bytes) : undefined;
}
