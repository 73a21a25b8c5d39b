import { execFileSync } from "node:child_process";
import { onTestFinished } from "vitest";
import type { Direction } from "./cut-proxy.js";

/** Why no network can be cut here; nothing where one can. */
export const withoutNamespaces = findHindrance();

export interface OtherHost {
  /** What starts a command there. */
  readonly around: readonly string[];
  /** The address of this host, seen from there. */
  readonly here: string;
  /** Drops each packet to that port of this host, or from it, without a word. */
  cut(url: string, direction: Direction): void;
  mend(): void;
}

let count = 0;

/** A host with a network of its own, which leads to this one alone. */
export function createOtherHost(): OtherHost {
  count += 1;
  const [name, outside, inside] = ["n", "o", "i"].map((kind) => `ob${kind}${process.pid}-${count}`);
  const net = `10.${100 + (process.pid % 100)}.${count}`;
  const around = ["ip", "netns", "exec", `${name}`];
  const run = (...[program = "", ...args]: readonly string[]): void =>
    void execFileSync(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  const there = (...command: readonly string[]): void => run(...around, ...command);
  onTestFinished(() => {
    for (const kind of [
      ["link", "del", `${outside}`],
      ["netns", "del", `${name}`],
    ]) {
      try {
        run("ip", ...kind);
      } catch {
        // It went with the other one, or never was.
      }
    }
  });
  run("ip", "netns", "add", `${name}`);
  run("ip", "link", "add", `${outside}`, "type", "veth", "peer", "name", `${inside}`);
  run("ip", "link", "set", `${inside}`, "netns", `${name}`);
  run("ip", "addr", "add", `${net}.1/24`, "dev", `${outside}`);
  run("ip", "link", "set", `${outside}`, "up");
  there("ip", "addr", "add", `${net}.2/24`, "dev", `${inside}`);
  there("ip", "link", "set", `${inside}`, "up");
  there("ip", "link", "set", "lo", "up");
  return {
    around,
    here: `${net}.1`,
    cut(url, direction) {
      const { port } = new URL(url);
      if (direction !== "back") there("iptables", "-A", "OUTPUT", "-p", "tcp", "--dport", port, "-j", "DROP");
      if (direction !== "there") there("iptables", "-A", "INPUT", "-p", "tcp", "--sport", port, "-j", "DROP");
    },
    mend: () => there("iptables", "-F"),
  };
}

function findHindrance(): string | undefined {
  if (process.getuid?.() !== 0) return "only root can cut a network";
  const name = `obtry${process.pid}`;
  try {
    execFileSync("ip", ["netns", "add", name], { stdio: "ignore" });
    try {
      execFileSync("ip", ["netns", "exec", name, "iptables", "-L"], { stdio: "ignore" });
      return undefined;
    } finally {
      execFileSync("ip", ["netns", "del", name], { stdio: "ignore" });
    }
  } catch {
    return "there are no network namespaces, or no ip and iptables";
  }
}
