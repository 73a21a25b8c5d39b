/** Whether what starts with these bytes is compressed with gzip, whatever its name. */
export function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** So many bytes tell it. */
export const gzipHeadBytes = 2;
