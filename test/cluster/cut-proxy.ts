import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface CutProxy {
  readonly url: string;
  /** Ends all connections, and lets none in until it is mended. */
  cut(): void;
  mend(): void;
}

/** Stands between processes and a database, which is away for them when it is cut. */
export async function startProxy(database: string): Promise<CutProxy> {
  const target = new URL(database);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((socket) => {
    if (isCut) return void socket.destroy();
    const other = connect(Number(target.port || 5432), target.hostname);
    for (const [one, to] of [
      [socket, other],
      [other, socket],
    ] as const) {
      sockets.add(one);
      one.pipe(to);
      one.on("error", () => to.destroy());
      one.on("close", () => {
        sockets.delete(one);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = (): void => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    cut();
    server.close();
  });
  const url = new URL(database);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as AddressInfo).port);
  const mend = (): void => {
    isCut = false;
  };
  return { url: url.href, cut, mend };
}
