import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { addAbortSignal, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { ListMultipartUploadsCommandOutput, S3Client } from "@aws-sdk/client-s3";
import { OpenbatchError } from "../../errors/index.js";
import type { ByteSpan, PutOptions } from "../../serve/index.js";
import { loadPackage } from "../database/load-package.js";
import { isNoSuchKey, type S3Context, toNoBucketError, toS3Error } from "./s3-error.js";
import { S3Results } from "./s3-results.js";
import {
  type GrowingFile,
  type LocalCopy,
  markName,
  type SharedStorage,
  type StoredObject,
} from "./shared-storage.js";
import { toParts } from "./to-parts.js";

export interface S3Place {
  readonly bucket: string;
  /** What all names begin with; "" for nothing. */
  readonly prefix: string;
}

type Sdk = typeof import("@aws-sdk/client-s3");

/** So much is in memory of each upload. S3 takes ten thousand parts, and none but the last under 5 MiB. */
const partBytes = 8_388_608;

/** No wait is longer, each try for itself, in milliseconds: for a connection, for bytes to move, for an answer. */
const waits = { connectionTimeout: 3_000, socketTimeout: 10_000, requestTimeout: 60_000 };

/** Everybody who downloads has a connection. */
const sockets = { keepAlive: true, maxSockets: 1_000 };

/** A download that breaks off goes on from there, so often in a row. */
const mostBreaks = 3;
const breakMs = 200;

/**
 * A bucket, under a prefix. Who may, where and in which region is as the AWS SDK reads it from the environment. Names are never
 * given twice, so nothing relies on conditional writes, which not every service has that speaks as S3 does.
 */
export class S3Storage implements SharedStorage {
  readonly #sdk: Sdk;
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #beginning: string;
  readonly #context: S3Context;

  private constructor(sdk: Sdk, { bucket, prefix }: S3Place) {
    this.#sdk = sdk;
    this.#bucket = bucket;
    this.#beginning = prefix === "" ? "" : `${prefix}/`;
    this.#context = { place: `s3://${bucket}/${prefix}` };
    this.#client = new sdk.S3Client({
      forcePathStyle: isElsewhere(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL),
      requestHandler: { ...waits, throwOnRequestTimeout: true, httpAgent: sockets, httpsAgent: sockets },
    });
  }

  /** @throws OpenbatchError `missing_package` */
  static async open(place: S3Place): Promise<S3Storage> {
    const name = "@aws-sdk/client-s3";
    const need = { what: "Storage in S3", install: name };
    return new S3Storage(await loadPackage(name, () => import("@aws-sdk/client-s3"), need), place);
  }

  get place(): string {
    return this.#context.place;
  }

  async readMark(): Promise<string | undefined> {
    try {
      return await text(this.getRange(markName));
    } catch (error) {
      if (error instanceof OpenbatchError && error.code === "file_not_found") return undefined;
      throw error;
    }
  }

  async writeMark(mark: string): Promise<void> {
    await this.put(markName, Readable.from([Buffer.from(mark)]));
  }

  async put(name: string, bytes: Readable, { signal }: PutOptions = {}): Promise<number> {
    if (signal !== undefined) addAbortSignal(signal, bytes);
    const target = { Bucket: this.#bucket, Key: this.#beginning + name };
    const options = signal === undefined ? {} : { abortSignal: signal };
    const tags: { ETag: string | undefined; PartNumber: number }[] = [];
    let upload: string | undefined;
    let sent = 0;
    try {
      for await (const { bytes: Body, isLast } of toParts(bytes, partBytes)) {
        sent += Body.length;
        if (isLast && upload === undefined) {
          await this.#ask(() =>
            this.#client.send(new this.#sdk.PutObjectCommand({ ...target, Body }), options),
          );
          return sent;
        }
        upload ??= await this.#beginUpload(target);
        const part = { ...target, UploadId: upload, PartNumber: tags.length + 1 };
        const { ETag } = await this.#ask(() =>
          this.#client.send(new this.#sdk.UploadPartCommand({ ...part, Body }), options),
        );
        tags.push({ ETag, PartNumber: part.PartNumber });
      }
      const whole = { ...target, UploadId: upload, MultipartUpload: { Parts: tags } };
      await this.#ask(() => this.#client.send(new this.#sdk.CompleteMultipartUploadCommand(whole), options));
      return sent;
    } catch (error) {
      if (upload !== undefined) await this.#abort({ ...target, UploadId: upload });
      throw error;
    }
  }

  getRange(name: string, span?: ByteSpan): Readable {
    return Readable.from(this.#read(name, span), { objectMode: false, highWaterMark: 262_144 });
  }

  async size(name: string): Promise<number | undefined> {
    const target = { Bucket: this.#bucket, Key: this.#beginning + name };
    try {
      return (await this.#client.send(new this.#sdk.HeadObjectCommand(target))).ContentLength;
    } catch (error) {
      if (!isNoSuchKey(error)) throw toS3Error(error, this.#context);
    }
    await this.#assertBucket();
    return undefined;
  }

  async *list(beginning: string): AsyncGenerator<StoredObject> {
    const asked = { Bucket: this.#bucket, Prefix: this.#beginning + beginning };
    let ContinuationToken: string | undefined;
    do {
      const page = await this.#ask(() =>
        this.#client.send(new this.#sdk.ListObjectsV2Command({ ...asked, ContinuationToken })),
      );
      for (const { Key = "", Size = 0, LastModified } of page.Contents ?? []) {
        const name = Key.slice(this.#beginning.length);
        yield { name, bytes: Size, changedMs: LastModified?.getTime() ?? 0 };
      }
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
  }

  async remove(name: string): Promise<void> {
    const target = { Bucket: this.#bucket, Key: this.#beginning + name };
    await this.#ask(() => this.#client.send(new this.#sdk.DeleteObjectCommand(target)));
  }

  async openCopy(name: string, folder: string): Promise<LocalCopy> {
    const path = join(folder, name);
    const close = (): Promise<void> => rm(path, { force: true });
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    try {
      await pipeline(this.getRange(name), createWriteStream(path, { mode: 0o600 }));
    } catch (error) {
      await close();
      throw error;
    }
    return { path, close };
  }

  /** Not every service lists them, and not everybody may: then they are for a rule of the bucket to remove. */
  async forgetUnfinished(beforeMs: number): Promise<void> {
    const asked = { Bucket: this.#bucket, Prefix: this.#beginning };
    let page: ListMultipartUploadsCommandOutput | undefined;
    do {
      const { NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page ?? {};
      const command = new this.#sdk.ListMultipartUploadsCommand({ ...asked, KeyMarker, UploadIdMarker });
      page = await this.#client.send(command).catch(() => undefined);
      for (const { Key = "", UploadId = "", Initiated } of page?.Uploads ?? []) {
        const isOld = (Initiated?.getTime() ?? beforeMs) < beforeMs;
        if (isOld) await this.#abort({ Bucket: this.#bucket, Key, UploadId });
      }
    } while (page?.IsTruncated === true);
  }

  grow(name: string, folder: string): GrowingFile {
    return new S3Results(this, name, folder);
  }

  async *#read(name: string, { start, end }: Partial<ByteSpan> = {}): AsyncGenerator<Buffer> {
    const target = { Bucket: this.#bucket, Key: this.#beginning + name };
    let at = start ?? 0;
    let last = end;
    let breaks = 0;
    do {
      const Range = at === 0 && last === undefined ? undefined : `bytes=${at}-${last ?? ""}`;
      const { Body, ContentLength = 0 } = await this.#get(name, { ...target, Range });
      last ??= at + ContentLength - 1;
      try {
        // In Node it is a stream of Node.
        for await (const chunk of Body as Readable) {
          at += chunk.length;
          breaks = 0;
          yield chunk;
        }
      } catch (error) {
        breaks += 1;
        if (breaks > mostBreaks) throw toS3Error(error, this.#context);
        await sleep(breakMs * 2 ** breaks);
      }
    } while (at <= last);
  }

  async #get(name: string, asked: { Bucket: string; Key: string; Range: string | undefined }) {
    try {
      return await this.#client.send(new this.#sdk.GetObjectCommand(asked));
    } catch (error) {
      if (!isNoSuchKey(error)) throw toS3Error(error, this.#context);
      throw new OpenbatchError("file_not_found", `Could not read ${this.#context.place}: it has no ${name}.`);
    }
  }

  async #beginUpload(target: { Bucket: string; Key: string }): Promise<string | undefined> {
    const command = new this.#sdk.CreateMultipartUploadCommand(target);
    return (await this.#ask(() => this.#client.send(command))).UploadId;
  }

  /** What cannot be told now is swept later. */
  async #abort(upload: { Bucket: string; Key: string; UploadId: string }): Promise<void> {
    await this.#client.send(new this.#sdk.AbortMultipartUploadCommand(upload)).catch(() => undefined);
  }

  /** That nothing is under a name is not told from that there is no bucket. */
  async #assertBucket(): Promise<void> {
    try {
      await this.#client.send(new this.#sdk.HeadBucketCommand({ Bucket: this.#bucket }));
    } catch (error) {
      throw isNoSuchKey(error) ? toNoBucketError(this.#context) : toS3Error(error, this.#context);
    }
  }

  async #ask<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    try {
      return await ask();
    } catch (error) {
      throw toS3Error(error, this.#context);
    }
  }
}

/** Whether an endpoint is not Amazon's: such a service rarely has a host for each bucket. */
function isElsewhere(endpoint: string | undefined): boolean {
  if (endpoint === undefined || endpoint === "" || !URL.canParse(endpoint)) return false;
  return !/\.amazonaws\.com(?:\.cn)?$/.test(new URL(endpoint).hostname);
}
