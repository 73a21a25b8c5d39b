import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Server } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { idsIn, requestIds, writeRequests } from "../lines.js";
import { temporaryFolder } from "../temporary-folder.js";
import { spawnCli } from "./start-cli.js";

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  // A server that listens on TCP has an address with a port.
  return (server.address() as AddressInfo).port;
}

test.runIf(hasOpenssl)(
  "a server of https is reached through a proxy, which sees neither key nor prompts",
  async () => {
    const folder = temporaryFolder();
    const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
    execFileSync(
      "openssl",
      [
        ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=llm.test"],
        ...["-addext", "subjectAltName=DNS:llm.test", "-keyout", key, "-out", certificate],
      ],
      { stdio: "pipe" },
    );
    const keys: unknown[] = [];
    const server = createTlsServer(
      { key: readFileSync(key), cert: readFileSync(certificate) },
      (incoming, outgoing) => {
        keys.push(incoming.headers.authorization);
        incoming.resume().on("end", () => outgoing.end('{"object":"chat.completion"}'));
      },
    );
    const port = await listen(server);
    const asked: (string | undefined)[] = [];
    let seen = "";
    const proxy = createServer().on("connect", (request, socket) => {
      asked.push(request.url);
      seen += JSON.stringify(request.headers);
      const upstream = connect(port, "127.0.0.1", () => socket.write("HTTP/1.1 200 OK\r\n\r\n"));
      socket.on("data", (bytes: Buffer) => {
        seen += bytes.toString("latin1");
      });
      socket.pipe(upstream).pipe(socket);
      for (const end of [socket, upstream]) end.on("error", () => undefined);
    });
    const proxyPort = await listen(proxy);
    writeRequests(join(folder, "requests.jsonl"), requestIds(5));
    const args = ["run", "requests.jsonl", "--base-url", "https://llm.test/v1", "--api-key-env", "THEIR_KEY"];
    const { exit, error } = await spawnCli(args, {
      cwd: folder,
      env: {
        HTTPS_PROXY: `http://127.0.0.1:${proxyPort}`,
        NO_PROXY: "",
        THEIR_KEY: "sk-of-the-server",
        NODE_EXTRA_CA_CERTS: certificate,
      },
    });
    expect({ exit, error }).toEqual({ exit: 0, error: "" });
    expect(idsIn(join(folder, "requests.results.jsonl")).sort()).toEqual(requestIds(5));
    expect(new Set(asked)).toEqual(new Set(["llm.test:443"]));
    expect(keys).toEqual(Array(5).fill("Bearer sk-of-the-server"));
    expect(seen).not.toMatch(/sk-of-the-server|Say something/);
  },
);
