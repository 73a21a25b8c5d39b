import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { temporaryFolder } from "../../temporary-folder.js";
import { startS3 } from "../ground/s3.js";
import { openMarked } from "./open-marked.js";

afterEach(() => void vi.unstubAllEnvs());

/** A disk of two megabytes, which only root can make. */
function mountSmallDisk(): string | undefined {
  const folder = temporaryFolder();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync("umount", ["-l", folder]));
  return folder;
}

describe("a storage in trouble", () => {
  test("that takes connections and says nothing is given up, and taken again when it speaks", async () => {
    const s3 = await startS3();
    for (const [name, value] of Object.entries(s3.env)) vi.stubEnv(name, value);
    const storage = await openMarked(s3.storage);
    const bytes = randomBytes(9_000_000);
    await storage.put("files/one", Readable.from([bytes]));
    s3.answer(() => true);
    const away = { code: "storage_away" };
    await Promise.all([
      expect(storage.put("files/two", Readable.from([bytes]))).rejects.toMatchObject(away),
      expect(storage.size("files/one")).rejects.toMatchObject(away),
      expect(buffer(storage.getRange("files/one"))).rejects.toMatchObject(away),
    ]);
    s3.answer(() => false);
    expect((await buffer(storage.getRange("files/one"))).equals(bytes)).toBe(true);
    await storage.put("files/two", Readable.from([bytes]));
    expect(await storage.size("files/two")).toBe(bytes.length);
  });

  test("that falls silent in the middle of a download is asked for the rest", async () => {
    const s3 = await startS3();
    for (const [name, value] of Object.entries(s3.env)) vi.stubEnv(name, value);
    const storage = await openMarked(s3.storage);
    const bytes = randomBytes(2_000_000);
    await storage.put("files/one", Readable.from([bytes]));
    let isSilent = false;
    s3.answer((incoming, outgoing) => {
      if (incoming.method !== "GET" || isSilent) return false;
      isSilent = true;
      outgoing.writeHead(200, { "content-length": bytes.length });
      outgoing.write(bytes.subarray(0, 1_000_000));
      return true;
    });
    expect((await buffer(storage.getRange("files/one"))).equals(bytes)).toBe(true);
    expect(isSilent).toBe(true);
  });

  test("that is full says so, keeps what it has, and goes on once there is room", async ({ skip }) => {
    const folder = mountSmallDisk();
    if (folder === undefined) return skip("only root can mount a small disk");
    const storage = await openMarked(folder);
    await storage.put("files/one", Readable.from([Buffer.from("kept")]));
    writeFileSync(`${folder}/filling`, Buffer.alloc(1_000_000));
    const large = (): Readable => Readable.from([Buffer.alloc(1_500_000)]);
    await expect(storage.put("files/two", large())).rejects.toMatchObject({
      code: "storage_away",
      message: expect.stringContaining("no space is left"),
    });
    expect(await storage.size("files/two")).toBeUndefined();
    writeFileSync(`${folder}/more`, Buffer.alloc(100_000));
    await expect(openMarked(folder)).rejects.toMatchObject({ code: "storage_away" });
    rmSync(`${folder}/filling`);
    rmSync(`${folder}/more`);
    expect(await storage.put("files/two", large())).toBe(1_500_000);
    expect((await buffer(storage.getRange("files/one"))).toString()).toBe("kept");
  });
});
