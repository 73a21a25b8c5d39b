import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import S3rver from "s3rver";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "../../temporary-folder.js";

export interface TestS3 {
  /** A bucket that is there, and a prefix. */
  readonly storage: string;
  /** What the AWS SDK reads. */
  readonly env: Readonly<Record<string, string>> & { readonly AWS_ENDPOINT_URL_S3: string };
  /** Where the server keeps what it has. */
  readonly folder: string;
  /** What was asked: method, path and query. */
  readonly asked: readonly string[];
  /** Answers in the place of the server, or lets it where it gives false. */
  answer(own: (incoming: IncomingMessage, outgoing: ServerResponse) => boolean): void;
  /** Ends all connections, and takes none until it is back. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
}

/** Starts s3rver, which speaks much as S3 does, on this machine. */
export async function startS3(host = "127.0.0.1"): Promise<TestS3> {
  const folder = temporaryFolder();
  const s3 = new S3rver({ directory: folder, silent: true, configureBuckets: [{ name: "bucket" }] });
  await s3.configureBuckets();
  const serve = s3.callback();
  const asked: string[] = [];
  let isAnswered = (_: IncomingMessage, __: ServerResponse): boolean => false;
  const create = (): Server =>
    createServer((incoming, outgoing) => {
      asked.push(`${incoming.method} ${incoming.url}`);
      if (!isAnswered(incoming, outgoing)) serve(incoming, outgoing);
    });
  let server = create();
  await listen(server, { port: 0, host });
  const { port } = server.address() as AddressInfo;
  const goAway = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(goAway);
  return {
    ...{ folder, asked, goAway },
    storage: "s3://bucket/some/prefix",
    env: {
      AWS_ENDPOINT_URL_S3: `http://${host}:${port}`,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "S3RVER",
      AWS_SECRET_ACCESS_KEY: "S3RVER",
    },
    answer: (own) => {
      isAnswered = own;
    },
    comeBack: async () => {
      server = create();
      await listen(server, { port, host });
    },
  };
}

function listen(server: Server, address: { readonly port: number; readonly host: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(address, resolve);
  });
}
