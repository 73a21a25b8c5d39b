export interface PageAddress {
  /** Where the server listens. */
  readonly host: string;
  readonly port: number;
}

/** What opens the page of a server in a browser. */
export function toPageLink({ host, port }: PageAddress, token: string): string {
  return `http://${toHostname(toReachable(host))}:${port}/_/#token=${token}`;
}

/** An address as it stands in a URL. */
export function toHostname(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** Who listens everywhere is found on this machine, too; no browser asks for "everywhere". */
function toReachable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}
