import type { IncomingHttpHeaders } from "node:http";
import { createGuard, type Refusal } from "./guard.js";

export interface PageGuardOptions {
  readonly host: string;
  /** Where it listens, known once it does. */
  readonly port: () => number;
  /** What every request for data must carry. */
  readonly token: string;
}

/** Looks at a request first: at one for the page itself, which holds nothing, at one for data, or at one that changes something. */
export interface PageGuard {
  readonly ofPage: (headers: IncomingHttpHeaders) => PageRefusal | undefined;
  readonly ofData: (headers: IncomingHttpHeaders) => PageRefusal | undefined;
  readonly ofAction: (headers: IncomingHttpHeaders) => PageRefusal | undefined;
}

/** `other site`: a browser says that a page of another place wants it. `no sign`: nothing says that the page itself wants it. */
export type PageRefusal = Refusal | "other site" | "no sign";

/** What a browser lets a page of another place send only if the server has allowed it, which this one never does. */
const actionHeader = "x-openbatch";

/**
 * Guards what a browser shows. A browser sends no key when it opens a page, so the page itself needs none; but it is given to no
 * page of another place, nor under another name or port than the one where it is served.
 */
export function createPageGuard({ host, port, token }: PageGuardOptions): PageGuard {
  const ofPage = createGuard({ host, apiKey: undefined });
  const ofData = createGuard({ host, apiKey: token });
  const isElsewhere = ({ host }: IncomingHttpHeaders): boolean => portOf(host) !== port();
  const guard: PageGuard = {
    ofPage(headers) {
      if (isElsewhere(headers)) return "other host";
      return isOwnSite(headers) || isOpened(headers) ? ofPage(headers) : "other site";
    },
    ofData(headers) {
      if (isElsewhere(headers)) return "other host";
      return isOwnSite(headers) ? ofData(headers) : "other site";
    },
    ofAction(headers) {
      const refusal = guard.ofData(headers);
      return refusal ?? (headers[actionHeader] === undefined ? "no sign" : undefined);
    },
  };
  return guard;
}

function isOwnSite({ "sec-fetch-site": site }: IncomingHttpHeaders): boolean {
  return site === undefined || site === "same-origin" || site === "none";
}

/** A link to the page may stand anywhere: in a terminal that is itself a page, or in a file. It opens it, and learns nothing. */
function isOpened(headers: IncomingHttpHeaders): boolean {
  return headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
}

function portOf(host = ""): number {
  return Number(/:(\d{1,5})$/.exec(host)?.[1] ?? 80);
}
