import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** What does not get through. */
export type Direction = "there" | "back" | "both";

export interface CutProxy {
  readonly url: string;
  /** Ends all connections, and lets none in until it is mended. */
  cut(): void;
  /** Lets nothing through, and says nothing of it, as a network does that is cut: also of connections that are new. */
  hold(direction: Direction): void;
  /** Holds the connection that says this once, before it gets there; resolves then. It stays held for good. */
  holdAt(text: string): Promise<void>;
  mend(): void;
}

interface Way {
  readonly from: Socket;
  readonly to: Socket;
  readonly direction: Exclude<Direction, "both">;
}

/** Stands between processes and a database, or whatever else is at a URL, which is away for them when it is cut. */
export async function startProxy(behind: string, host = "127.0.0.1"): Promise<CutProxy> {
  const target = new URL(behind);
  const ways = new Set<Way>();
  const lost = new Set<Socket>();
  let isCut = false;
  let held: Direction | undefined;
  let trap: { readonly text: string; readonly onFound: () => void } | undefined;
  const isHeld = ({ from, to, direction }: Way): boolean =>
    held === "both" || held === direction || lost.has(from) || lost.has(to);
  const pass = (way: Way): void => {
    if (isHeld(way)) way.from.pause();
    else way.from.resume();
  };
  const open = (way: Way): void => {
    const { from, to, direction } = way;
    ways.add(way);
    from.on("data", (chunk: Buffer) => {
      if (direction === "there" && trap !== undefined && chunk.includes(trap.text)) {
        const { onFound } = trap;
        trap = undefined;
        lost.add(from).add(to);
        for (const other of ways) pass(other);
        return onFound();
      }
      to.write(chunk);
    });
    from.on("end", () => to.end());
    from.on("error", () => to.destroy());
    from.on("close", () => {
      ways.delete(way);
      if (!lost.has(from)) to.destroy();
    });
    pass(way);
  };
  const server = createServer((socket) => {
    if (isCut) return void socket.destroy();
    const other = connect(Number(target.port || 5432), target.hostname);
    open({ from: socket, to: other, direction: "there" });
    open({ from: other, to: socket, direction: "back" });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const cut = (): void => {
    isCut = true;
    for (const { from } of ways) from.destroy();
  };
  onTestFinished(() => {
    lost.clear();
    cut();
    server.close();
  });
  const url = new URL(behind);
  url.hostname = host;
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    cut,
    hold(direction) {
      held = direction;
      for (const way of ways) pass(way);
    },
    holdAt: (text) =>
      new Promise((resolve) => {
        trap = { text, onFound: resolve };
      }),
    mend() {
      isCut = false;
      held = undefined;
      for (const way of ways) pass(way);
    },
  };
}
